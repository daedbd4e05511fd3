import { invariant } from '@tributary/kit/invariant';

// Events on their way from one who does not wait to one who does.

export interface EventQueue<T> extends AsyncIterableIterator<T, undefined> {
  /** Events that wait. */
  readonly size: number;
  /** Ignored after the end. */
  push(event: T): void;
  /** No more events; those that wait are still read, then `error` is thrown, if there is one. Only the first end counts. */
  end(error?: Error): void;
  /** Like `end`, but what waits is thrown away. Counts also when the queue has ended and was not read to its end. */
  cut(error?: Error): void;
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
}

export interface EventQueueOptions<T> {
  /** An event was taken by the reader. */
  onTake?: (event: T) => void;
  /** The reader does not want any more, or has read all: called once. */
  onDone?: () => void;
}

const END = { done: true, value: undefined } as const;

/** For one reader, who asks for one event at a time. */
export function createEventQueue<T>({ onTake, onDone }: EventQueueOptions<T> = {}): EventQueue<T> {
  let waiting: T[] = [];
  let reader: PromiseWithResolvers<IteratorResult<T, undefined>> | null = null;
  let ended: { error: Error | undefined } | null = null;
  let isDone = false;

  function finish(): Promise<IteratorResult<T, undefined>> {
    const error = isDone ? undefined : ended?.error;
    done();
    return error ? Promise.reject(error) : Promise.resolve(END);
  }

  function done(): void {
    if (isDone) return;
    isDone = true;
    waiting = [];
    onDone?.();
  }

  function settleReader(): void {
    const settled = reader;
    reader = null;
    if (settled) finish().then(settled.resolve, settled.reject);
  }

  return {
    get size() {
      return waiting.length;
    },
    push(event) {
      if (ended || isDone) return;
      if (!reader) {
        waiting.push(event);
        return;
      }
      const { resolve } = reader;
      reader = null;
      onTake?.(event);
      resolve({ done: false, value: event });
    },
    end(error) {
      if (ended || isDone) return;
      ended = { error };
      settleReader();
    },
    cut(error) {
      if (isDone) return;
      waiting = [];
      ended = { error };
      settleReader();
    },
    next() {
      invariant(reader === null, 'The queue is read by two at a time.');
      if (waiting.length > 0 && !isDone) {
        const event = waiting.shift()!;
        onTake?.(event);
        return Promise.resolve({ done: false, value: event });
      }
      if (ended || isDone) return finish();
      reader = Promise.withResolvers();
      return reader.promise;
    },
    async return() {
      done();
      settleReader();
      return END;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
