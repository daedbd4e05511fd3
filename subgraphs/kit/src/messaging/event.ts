import type { Principal } from '../principal.ts';

/** Who caused a change. `id` is a UUID; the system itself has none. */
export interface Actor {
  type: 'user' | 'client' | 'service' | 'system';
  id: string | null;
}

export const SYSTEM: Actor = Object.freeze({ type: 'system', id: null });

/** What a use case publishes; the rest of the envelope is added when it is written. */
export interface NewEvent<Data extends EventData = EventData> {
  /** For example `order.placed`. */
  type: string;
  aggregateType: string;
  /** UUID. Events of one aggregate are delivered in the order they were written. */
  aggregateId: string;
  aggregateVersion: number;
  data: Data;
}

/** An event with who is to hear of it. */
export interface Publication extends NewEvent {
  /** Ids (UUIDs) by which subscribers follow the change: the aggregate's own, and those of the organizations it belongs to. */
  subjects?: readonly string[];
  /** Only subscribers are told, no other subgraph. */
  onlySubscribers?: boolean;
}

/** JSON: ids as UUIDs, amounts as decimal strings of minor units, times as ISO 8601. No personal data beyond ids. */
export type EventData = Readonly<Record<string, unknown>>;

/** An event as it travels. */
export interface EventEnvelope<Data extends EventData = EventData> extends NewEvent<Data> {
  /** UUID version 7; the same on every delivery. */
  id: string;
  schemaVersion: number;
  /** ISO 8601. */
  occurredAt: string;
  actor: Actor;
  /** W3C trace context of the request that caused it. */
  traceparent: string | null;
}

export function actorOf(principal: Principal | null): Actor {
  switch (principal?.type) {
    case 'user':
      return { type: 'user', id: principal.userId };
    case 'client':
      return { type: 'client', id: principal.clientId };
    case 'service':
      return { type: 'service', id: null };
    case undefined:
      return SYSTEM;
  }
}
