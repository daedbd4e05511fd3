import type { Sql } from 'sql-template-tag';

import { EVERY_ROW, NO_ROW } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

/**
 * Whoever has signed in sees the person behind an id they hold: ids cannot be guessed, and there is no list of people. What of the
 * person they see is decided field by field.
 */
export function userVisibility(principal: Principal | null): readonly Sql[] {
  return principal === null ? NO_ROW : EVERY_ROW;
}
