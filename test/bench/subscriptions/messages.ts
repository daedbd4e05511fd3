// What the processes of this benchmark say to each other.

/** Clients that nobody can tell apart, or each a person of its own. */
export type Identity = 'same' | 'unique';

/** To a gateway, or to the subgraph's server. */
export type ServerRequest = { kind: 'publish'; number: number } | { kind: 'memory' };
/** Memory after a garbage collection, in bytes; processor time in milliseconds. */
export interface ServerReport {
  rss: number;
  heap: number;
  cpuMs: number;
}

export type ClientRequest =
  | { kind: 'connect'; urls: readonly string[]; count: number; identity: Identity; localAddress: string }
  /** Answered when each has this event, or the time is up. */
  | { kind: 'await'; number: number; timeoutMs: number };
export interface ClientReport {
  /** Who has the event. */
  served: number;
  /** When each of them had it, in milliseconds since 1970. */
  at: readonly number[];
}
