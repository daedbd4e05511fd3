import type { Caller } from '../caller/caller.ts';
import type { Tokens } from '../caller/tokens.ts';

// The way to the graph and to the development issuer: one origin, the caller's token, and errors that can be read.

/** What is told about an answer besides its content. */
export interface Exchange {
  caller: Caller;
  status: number;
  durationMs: number;
  requestId: string | null;
}

export interface GraphAnswer<Data = unknown> {
  data?: Data | null;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The server cannot be reached, or answers something that is not for us. */
export class Unreachable extends Error {
  override name = 'Unreachable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    delete this.stack; // GraphiQL would print it below the message
  }
}

export interface Graph {
  /** Like `fetch`, as `caller`. A token that was refused is renewed once, when it can be. */
  fetchAs(caller: Caller, init: RequestInit): Promise<{ response: Response; exchange: Exchange }>;
  ask<Data>(caller: Caller, query: string, variables?: Record<string, unknown>): Promise<GraphAnswer<Data>>;
}

const ENDPOINT = '/graphql';

export function createGraph({ tokens, fetch }: { tokens: Tokens; fetch: Fetch }): Graph {
  async function send(caller: Caller, init: RequestInit): Promise<Response> {
    const token = await tokens.get(caller);
    const headers = new Headers(init.headers);
    // A header that was typed into the page's own editor is meant.
    if (token !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    try {
      return await fetch(ENDPOINT, { ...init, headers });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Unreachable('The server does not answer. Is it still running?', { cause: error });
    }
  }

  async function fetchAs(caller: Caller, init: RequestInit): Promise<{ response: Response; exchange: Exchange }> {
    const startedAt = performance.now();
    let response = await send(caller, init);
    // Nothing has run for a token that is refused, so asking again is safe: the server may have new keys.
    if (response.status === 401 && tokens.discard(caller)) response = await send(caller, init);
    const exchange = {
      caller,
      status: response.status,
      durationMs: Math.round(performance.now() - startedAt),
      requestId: response.headers.get('x-request-id'),
    };
    return { response, exchange };
  }

  return {
    fetchAs,
    async ask<Data>(caller: Caller, query: string, variables: Record<string, unknown> = {}) {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify({ query, variables }) };
      const { response } = await fetchAs(caller, init);
      return (await response.json()) as GraphAnswer<Data>;
    },
  };
}

/** JSON of one of our own addresses; throws with a message that can be shown. */
export async function fetchJson<T>(fetch: Fetch, url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new Unreachable('The server does not answer. Is it still running?', { cause });
  });
  if (!response.ok) throw new Unreachable(`${url} answers ${response.status}.`);
  return (await response.json()) as T;
}
