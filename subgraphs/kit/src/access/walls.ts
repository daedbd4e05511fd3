/**
 * The walls of a subgraph. Each one alone keeps strangers out; all of them stand in every running system. The test kit switches
 * them off one at a time to prove the others; nothing reads them from the environment.
 */
export interface Walls {
  /** Only the gateway's internal token opens the HTTP endpoint. */
  internalToken: boolean;
  /** graphql-shield rules per field. */
  rules: boolean;
  /** Visibility of rows as SQL predicates. */
  rows: boolean;
}

export const ALL_WALLS: Walls = Object.freeze({ internalToken: true, rules: true, rows: true });
