import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

import { problemOf } from './answer-head.ts';
import { PostCanceled, PostTimeout } from './json-client.ts';
import type { JsonClient, JsonClientOptions, JsonPost } from './json-client.ts';
import { UnusableBody } from './read-body.ts';

/** undici's handlers are used as they are: a stream for each answer costs more than all the rest of it. */
export function createUndiciClient(options: JsonClientOptions): JsonClient {
  const { url, maxAnswerBytes } = options;
  const pool = new Pool(url.origin, {
    connections: options.maxConnections,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: 0, // one timer covers connecting, headers and body together
    bodyTimeout: 0,
  });
  const path = url.pathname + url.search;
  return {
    post: (request) => post(pool, request, { path, maxAnswerBytes }),
    destroy: () => pool.destroy(),
  };
}

function post(
  dispatcher: Dispatcher,
  { headers, body, timeoutMs, signal }: JsonPost,
  { path, maxAnswerBytes }: { path: string; maxAnswerBytes: number },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
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
  const timer = setTimeout(() => fail(new PostTimeout('The subgraph did not answer in time.')), timeoutMs);
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
      const problem = problemOf({
        status,
        contentType: answered['content-type'],
        contentEncoding: answered['content-encoding'],
      });
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
      resolve((only && chunks.length === 1 ? only : Buffer.concat(chunks, length)).toString('utf8'));
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
