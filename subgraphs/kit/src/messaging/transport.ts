import type { Handle } from '../lifecycle.ts';
import type { EventEnvelope } from './event.ts';

/** What carries events from the relay of one subgraph to the consumers of others. */
export interface EventTransport extends Handle {
  /**
   * Resolves when the events are safe with the transport. Events of one aggregate stay in the order given; one that is published twice
   * may arrive twice.
   */
  publish(topic: string, events: readonly EventEnvelope[]): Promise<void>;
  /** Delivers until stopped; `stop()` waits for what is being handled. */
  subscribe(subscription: EventSubscription): Promise<Handle>;
}

export interface EventSubscription {
  /** Name of the consumer. Replicas share it, and each event goes to one of them. */
  consumer: string;
  /**
   * Handles one event; rejecting means "again, later". Until it is handled, later events of the same aggregate wait and those of others
   * go on. `attempt` counts from 1.
   */
  deliver: (event: EventEnvelope, attempt: number) => Promise<void>;
}
