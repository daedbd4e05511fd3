import type { IncomingHttpHeaders } from 'node:http';

import type { SubgraphCall } from '@tributary/kit/subgraph';

import { tracingHeaders } from './call-headers.ts';
import type { CallHeaders } from './call-headers.ts';

// What subgraphs of others get to see of a client's request: the headers that were chosen, and nothing else.

export interface HeaderChoice {
  /** Names of the client's headers that are passed on. */
  forward?: readonly string[];
  /** Sent with every fetch; a header of the client never takes their place. */
  fixed?: Readonly<Record<string, string>>;
}

// They belong to one connection or to the body that goes over it, or are set for every fetch.
const RESERVED = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'traceparent',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
]);
const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Why a header of this name cannot be chosen, as the end of a sentence; undefined when it can. */
export function headerProblem(name: string): string | undefined {
  if (!NAME.test(name)) return 'is not the name of a header';
  return RESERVED.has(name.toLowerCase()) ? 'is a header that the gateway sets itself' : undefined;
}

/** Those of the headers that go along to any subgraph; undefined when there is none. */
export function pickHeaders(
  headers: IncomingHttpHeaders,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  let picked: Record<string, string> | undefined;
  for (const name of names) {
    const value = headers[name];
    if (value === undefined) continue;
    picked ??= {};
    picked[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return picked;
}

/** Request id, trace context and the chosen headers. Names are in lower case. */
export function createForwardingCallHeaders({ forward = [], fixed = {} }: HeaderChoice): CallHeaders {
  const names = forward.filter((name) => !Object.hasOwn(fixed, name));
  return (call: SubgraphCall) => {
    const headers: Record<string, string> = { ...tracingHeaders(call), ...fixed };
    for (const name of names) {
      const value = call.headers?.[name];
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
}
