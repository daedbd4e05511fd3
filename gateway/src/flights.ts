import { Cancellation } from '@tributary/kit/cancellation';
import { SECOND } from '@tributary/kit/clock';
import { invariant } from '@tributary/kit/invariant';
import type { SubgraphCall } from '@tributary/kit/subgraph';

// What several requests ask at the same moment is done once: the first starts it, the others join, and when all of them are gone it is
// canceled.

/** Work under way, by what was asked. */
export interface Flights<Result> {
  /** Joins what is under way under this key, or starts it. `start` must not reject, and gets the call with another signal. */
  board(key: string, call: SubgraphCall, start: (call: SubgraphCall) => Promise<Result>): Promise<Result>;
  /** Who comes now joins nothing that has begun before. */
  clear(): void;
}

interface Flight<Result> {
  /** Null when it is there. */
  result: Promise<Result> | null;
  /** Moment after which nobody waits for the result. */
  deadline: number;
  /** Requests that still want it. */
  waiting: number;
  /** Ends the work when the last of them is gone. */
  cancel: Cancellation;
}

// Work that began this much earlier may give up this much too early for one who joins it.
const MAX_LEAD_MS = SECOND;

export function createFlights<Result>(): Flights<Result> {
  const flights = new Map<string, Flight<Result>>();

  function begin(key: string, call: SubgraphCall, start: (call: SubgraphCall) => Promise<Result>): Flight<Result> {
    const cancel = new Cancellation();
    const result = start({ ...call, signal: cancel });
    const flight: Flight<Result> = { result, deadline: call.deadline, waiting: 0, cancel };
    flights.set(key, flight);
    void result.then(() => end(key, flight));
    return flight;
  }

  function end(key: string, flight: Flight<Result>): void {
    if (flights.get(key) === flight) flights.delete(key);
    flight.result = null; // tables that the map has grown out of still point to the flight
  }

  function join(key: string, flight: Flight<Result>, { signal }: SubgraphCall): Promise<Result> {
    const { result: coming } = flight;
    invariant(coming, 'Nobody boards a flight that has landed.');
    flight.waiting += 1;
    if (!signal) return coming;
    const leave = () => {
      flight.waiting -= 1;
      if (flight.waiting > 0) return;
      end(key, flight); // who comes now starts a flight that is not canceled
      flight.cancel.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    return coming.then((result) => {
      signal.removeEventListener('abort', leave); // it may live as long as a subscription
      return result;
    });
  }

  return {
    board(key, call, start) {
      const known = flights.get(key);
      if (known && known.deadline >= call.deadline - MAX_LEAD_MS) return join(key, known, call);
      return join(key, begin(key, call, start), call);
    },
    clear: () => flights.clear(),
  };
}
