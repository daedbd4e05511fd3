/** A change as those who follow it hear of it. */
export interface Change {
  /** UUID of the event; the same wherever it is told of. */
  id: string;
  type: string;
  /** UUID of what was changed. */
  aggregateId: string;
  occurredAt: Date;
}
