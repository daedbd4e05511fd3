import type { FastifyReply } from 'fastify';

// What the gateway's process passes on to the server of billing: single addresses that clients or the payment provider know as the
// gateway's. Each request is sent once, without the caller's own headers, and nothing else of billing can be reached this way.

export interface PassedOn {
  method: 'GET' | 'POST';
  /** Path and query, as they arrived. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** From connecting to the last byte of the answer. */
  timeoutMs: number;
}

/** The path leads somewhere else than it says. */
export class PathRefused extends Error {
  override name = 'PathRefused';
}

/**
 * Sends a request to the server at `baseUrl`. Redirects are not followed, and nothing is repeated: whoever asked knows whether that is
 * safe. Rejects with `PathRefused`, or with whatever kept the answer away.
 */
export async function passOn(baseUrl: string, { method, path, headers, body, timeoutMs }: PassedOn): Promise<Response> {
  const base = baseUrl.replace(/\/$/, '');
  const target = new URL(base + path);
  const meant = new URL(base).pathname.replace(/\/$/, '') + path.split('?')[0];
  // Dots that climb up, also encoded ones, are resolved only here: routes are matched by what was written.
  if (target.pathname !== meant) throw new PathRefused('The path is not in its plain form.');
  return fetch(target, {
    method,
    ...(headers && { headers }),
    ...(body && { body }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** Answers with what was answered: status, body, and these headers where it has them. */
export function passBack(reply: FastifyReply, response: Response, headers: readonly string[]): FastifyReply {
  for (const name of headers) {
    const value = response.headers.get(name);
    if (value !== null) reply.header(name, value);
  }
  return reply.code(response.status).send(response.body);
}
