import type { Dispatcher } from 'undici';

import type { CancelSignal } from '@tributary/kit/cancellation';
import { SECOND } from '@tributary/kit/clock';

import { isJsonType, UnusableBody } from './read-body.ts';

// One POST of JSON that is answered with JSON. undici's handlers are used as they are: a stream for each answer costs more
// than all the rest of it.

export interface JsonPost {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** From now to the last byte of the answer. */
  timeoutMs: number;
  /** Bytes of the answer, counted while they arrive. */
  maxAnswerBytes: number;
  /** Nobody waits for the answer any more. */
  signal?: CancelSignal | undefined;
}

/** The time was up. */
export class PostTimeout extends Error {
  override name = 'PostTimeout';
}

export class PostCanceled extends Error {
  override name = 'PostCanceled';
}

/** The answer is no success. */
export class UnexpectedStatus extends Error {
  override name = 'UnexpectedStatus';
  readonly status: number;
  constructor(status: number) {
    super(`The subgraph answered with HTTP status ${status}.`);
    this.status = status;
  }
}

/**
 * Resolves to the bytes of the answer. Rejects with `PostTimeout`, `PostCanceled`, `UnexpectedStatus`, `UnusableBody`, or the error of the
 * connection. Redirects are not followed.
 */
export function postJson(dispatcher: Dispatcher, post: JsonPost): Promise<Buffer> {
  const { path, headers, body, timeoutMs, maxAnswerBytes, signal } = post;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let length = 0;
  let controller: Dispatcher.DispatchController | null = null;
  let failure: Error | null = null;

  const fail = (error: Error) => {
    failure ??= error;
    done();
    reject(failure);
    controller?.abort(failure);
  };
  const timer = setTimeout(() => fail(new PostTimeout('The subgraph did not answer in time.')), inSteps(timeoutMs));
  const cancel = () => fail(new PostCanceled('Nobody waits for the answer.'));
  const done = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  };
  if (signal?.aborted === true) {
    cancel();
    return promise;
  }
  signal?.addEventListener('abort', cancel, { once: true });

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (failure) started.abort(failure);
    },
    onResponseStart(_controller, status, answered) {
      const problem = problemOf(status, answered);
      if (problem) fail(problem);
    },
    onResponseData(_controller, chunk) {
      length += chunk.length;
      if (length > maxAnswerBytes) fail(new UnusableBody('The body is too large.'));
      else chunks.push(chunk);
    },
    onResponseEnd() {
      done();
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks, length));
    },
    onResponseError(_controller, error) {
      fail(error);
    },
  };
  try {
    dispatcher.dispatch({ method: 'POST', path, headers, body }, handler);
  } catch (error) {
    fail(error as Error);
  }
  return promise;
}

const STEP_MS = 100;

// Node keeps a list for each duration, and what is left of a deadline would be another one every time.
function inSteps(ms: number): number {
  return ms < SECOND ? ms : ms - (ms % STEP_MS);
}

// GraphQL over HTTP answers a request that cannot run with 400 and a GraphQL result; that one is read. Everything else that is not
// a success is no answer of the graph: a redirect, a proxy that found nobody, a subgraph that refuses our token.
function problemOf(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): Error | null {
  if (status < 200 || (status >= 300 && status !== 400)) return new UnexpectedStatus(status);
  if (!isJsonType(headers['content-type']))
    return status === 400 ? new UnexpectedStatus(status) : new UnusableBody('The body is not JSON.');
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity')
    return new UnusableBody('The body is compressed.');
  return null;
}
