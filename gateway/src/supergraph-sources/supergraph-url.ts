import { SECOND } from '@tributary/kit/clock';

import { startPoll } from './poll.ts';
import { SupergraphUnreadable } from './supergraph-source.ts';
import type { SupergraphSource } from './supergraph-source.ts';

export interface SupergraphUrlOptions {
  url: string;
  /** Sent along, for example credentials. */
  headers?: Readonly<Record<string, string>>;
  pollIntervalMs: number;
}

interface Version {
  sdl: string;
  etag: string | null;
}

const TIMEOUT_MS = 10 * SECOND;
const MAX_BYTES = 64 * 1024 * 1024;

/** A supergraph that a server has. It is asked with the tag of the version that is known, so that most answers are empty. */
export function supergraphUrl({ url, headers = {}, pollIntervalMs }: SupergraphUrlOptions): SupergraphSource {
  const shown = withoutCredentials(url);

  // Redirects are not followed: they would take the headers along to wherever they lead.
  async function download(etag: string | null, signal: AbortSignal): Promise<Version | null> {
    const response = await fetch(url, {
      headers: {
        accept: 'application/graphql, text/plain, */*',
        ...headers,
        ...(etag !== null && { 'if-none-match': etag }),
      },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      if (response.status === 304 && etag !== null) return null;
      throw new SupergraphUnreadable(`The supergraph ${shown} was answered with HTTP status ${response.status}.`);
    }
    return { sdl: await readText(response, shown), etag: response.headers.get('etag') };
  }

  async function read(etag: string | null, signal: AbortSignal): Promise<Version | null> {
    try {
      return await download(etag, signal);
    } catch (error) {
      if (error instanceof SupergraphUnreadable) throw error;
      throw new SupergraphUnreadable(`The supergraph ${shown} cannot be fetched: ${reasonOf(error)}.`);
    }
  }

  return {
    async open(listener) {
      const abort = new AbortController();
      const first = await read(null, abort.signal);
      if (first === null) throw new SupergraphUnreadable(`The supergraph ${shown} has no text.`);
      let known = first;
      const poll = startPoll(async () => {
        try {
          const now = await read(known.etag, abort.signal);
          if (now === null) return;
          const isOther = now.sdl !== known.sdl;
          known = now;
          if (isOther) listener.changed(now.sdl);
        } catch (error) {
          if (!abort.signal.aborted) listener.failed(error as Error);
        }
      }, pollIntervalMs);
      return {
        sdl: first.sdl,
        async stop() {
          abort.abort();
          await poll.stop();
        },
      };
    },
  };
}

async function readText({ body }: Response, shown: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new SupergraphUnreadable(`The supergraph ${shown} is too large.`); // leaving cancels the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

function withoutCredentials(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

// `fetch` fails with "fetch failed"; what happened is its cause. Other messages may quote the address.
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error instanceof Error ? error.name : 'unknown reason';
}
