/**
 * The walls of a subgraph: each of the first three alone keeps strangers out, each of the others keeps an effect from being lost or
 * doubled. All of them stand in every running system. The test kit switches them off one at a time to prove what they do; nothing reads
 * them from the environment.
 */
export interface Walls {
  /** Only the gateway's internal token opens the HTTP endpoint. */
  internalToken: boolean;
  /** graphql-shield rules per field. */
  rules: boolean;
  /** Visibility of rows as SQL predicates. */
  rows: boolean;
  /** An idempotency key is used once. */
  idempotency: boolean;
  /** Events are written in the transaction of the change they tell of. */
  outbox: boolean;
  /** A consumer remembers which events it has handled. */
  inbox: boolean;
}

export const ALL_WALLS: Walls = Object.freeze({
  internalToken: true,
  rules: true,
  rows: true,
  idempotency: true,
  outbox: true,
  inbox: true,
});
