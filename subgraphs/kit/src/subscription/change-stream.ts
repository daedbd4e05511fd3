import type { DomainError } from '../errors.ts';
import { subscriberTooSlow } from '../errors.ts';
import type { Change } from './change.ts';

/** Changes on their way to one subscriber. */
export interface ChangeStream extends AsyncIterableIterator<Change, undefined> {
  /** A change that finds the buffer full ends the stream: whoever reads so slowly would hold the memory of all. */
  push(change: Change): void;
  /** Ends the stream. Whoever reads it gets the error, after at most the change that it has taken already. */
  fail(error: DomainError): void;
  return(): Promise<IteratorReturnResult<undefined>>;
}

export interface ChangeStreamOptions {
  maxWaiting: number;
  /** Called once, however the stream ends. */
  onEnd: () => void;
}

const DONE = { done: true, value: undefined } as const;

/** One reader at a time. */
export function createChangeStream({ maxWaiting, onEnd }: ChangeStreamOptions): ChangeStream {
  let waiting: Change[] = [];
  let reader: PromiseWithResolvers<IteratorResult<Change, undefined>> | null = null;
  let hasEnded = false;
  let failure: DomainError | null = null;

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    waiting = [];
    onEnd();
  }

  const stream: ChangeStream = {
    [Symbol.asyncIterator]: () => stream,
    push(change) {
      if (hasEnded) return;
      if (reader) {
        reader.resolve({ done: false, value: change });
        reader = null;
      } else if (waiting.length < maxWaiting) waiting.push(change);
      else stream.fail(subscriberTooSlow());
    },
    fail(error) {
      if (hasEnded) return;
      end();
      if (reader) reader.reject(error);
      else failure = error;
      reader = null;
    },
    async next() {
      const [change] = waiting.splice(0, 1);
      if (change) return { done: false, value: change };
      if (failure) {
        const error = failure;
        failure = null;
        throw error;
      }
      if (hasEnded) return DONE;
      reader = Promise.withResolvers();
      return reader.promise;
    },
    async return() {
      end();
      failure = null;
      reader?.resolve(DONE);
      reader = null;
      return DONE;
    },
  };
  return stream;
}
