import { SECOND } from '@tributary/kit/clock';

/** What streams may take of the gateway. */
export interface StreamLimits {
  /** Streams over HTTP and WebSocket connections, together, that one process keeps open. */
  connections: number;
  /** Operations that one WebSocket connection runs at a time. */
  operationsPerConnection: number;
  /** Events that wait for one subscriber. */
  queuedEvents: number;
  /** Bytes of those events. */
  queuedBytes: number;
  /** A WebSocket has to be initialized within this time. */
  initTimeoutMs: number;
  /** Time between two signs of life. A client that leaves two of them unanswered is gone. */
  heartbeatMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  connections: 20_000,
  operationsPerConnection: 100,
  queuedEvents: 100,
  queuedBytes: 1024 * 1024,
  initTimeoutMs: 5 * SECOND,
  heartbeatMs: 15 * SECOND,
};
