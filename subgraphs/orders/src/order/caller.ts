import type { Principal } from '@tributary/kit';
import type { Sql } from 'sql-template-tag';

/** Who changes an order. */
export interface Caller {
  principal: Principal | null;
  /** Orders the caller sees, as predicates on `o`. */
  orderArms: readonly Sql[];
}
