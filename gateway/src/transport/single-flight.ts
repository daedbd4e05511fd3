import { Cancellation } from '@tributary/kit/cancellation';
import { SECOND } from '@tributary/kit/clock';
import { invariant } from '@tributary/kit/invariant';
import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { SubgraphAnswer, SubgraphFetch, SubgraphTransport } from './subgraph-transport.ts';

// Requests that ask a subgraph the same question at the same moment share one fetch. Only queries, and only for callers whom the
// subgraph cannot tell apart. Answers are never written into, so they can be shared as they are. After a mutation nobody joins a
// fetch that began before it: who has changed something reads the change.

export interface SingleFlightOptions {
  /** Everything of a call that can change the answer; calls with equal texts share. */
  identityOf: (call: SubgraphCall) => string;
}

interface Flight {
  /** Null when it is there. */
  answer: Promise<SubgraphAnswer> | null;
  /** Moment after which nobody waits for the answer. */
  deadline: number;
  /** Requests that still want the answer. */
  waiting: number;
  /** Ends the fetch when the last of them is gone. */
  cancel: Cancellation;
}

// A fetch that began this much earlier may give up this much too early for one who joins it.
const MAX_LEAD_MS = SECOND;

/** The same transport; what it is asked twice at a time it asks once. */
export function shareQueries(transport: SubgraphTransport, { identityOf }: SingleFlightOptions): SubgraphTransport {
  const flights = new Map<string, Flight>();

  function start(key: string, fetch: SubgraphFetch, call: SubgraphCall): Flight {
    const cancel = new Cancellation();
    const answer = transport.execute(fetch, { ...call, signal: cancel }, 'query');
    const flight: Flight = { answer, deadline: call.deadline, waiting: 0, cancel };
    flights.set(key, flight);
    void answer.then(() => end(key, flight));
    return flight;
  }

  function end(key: string, flight: Flight): void {
    if (flights.get(key) === flight) flights.delete(key);
    flight.answer = null; // tables that the map has grown out of still point to the flight
  }

  function board(key: string, flight: Flight, { signal }: SubgraphCall): Promise<SubgraphAnswer> {
    const { answer: coming } = flight;
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
    return coming.then((answer) => {
      signal.removeEventListener('abort', leave); // it may live as long as a subscription
      return answer;
    });
  }

  return {
    ...transport,
    execute(fetch, call, operationKind) {
      if (operationKind !== 'query') {
        return transport.execute(fetch, call, operationKind).finally(() => flights.clear());
      }
      if (fetch.body === undefined) return transport.execute(fetch, call, operationKind);
      const key = `${identityOf(call)} ${fetch.body}`;
      const known = flights.get(key);
      if (known && known.deadline >= call.deadline - MAX_LEAD_MS) return board(key, known, call);
      return board(key, start(key, fetch, call), call);
    },
  };
}
