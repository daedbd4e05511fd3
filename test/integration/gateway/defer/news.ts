import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { LibraryGateway, LibraryOptions } from '../library-gateway.ts';
import { startLibrary } from '../library-gateway.ts';

export const ACCEPT_PARTS = 'multipart/mixed;deferSpec=20220824, application/json';

/** The library with a subgraph of reviews that answers when it is told to. */
export async function startSlowLibrary(options: LibraryOptions = {}) {
  const library = await startLibrary({ transport: 'http', ...options });
  const asked = Promise.withResolvers<{ response: ServerResponse; closed: Promise<unknown> }>();
  return {
    library,
    /** The next request to the reviews, unanswered. */
    holdReviews() {
      library.peers.reviews.fault = (_request: IncomingMessage, response: ServerResponse) =>
        asked.resolve({ response, closed: once(response, 'close') });
      return asked.promise;
    },
    [Symbol.asyncDispose]: () => library[Symbol.asyncDispose](),
  };
}

export function askForBook(
  { url }: Pick<LibraryGateway, 'url'>,
  query: string,
  { signal, headers }: { signal?: AbortSignal; headers?: Record<string, string> } = {},
) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: ACCEPT_PARTS, ...headers },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
}
