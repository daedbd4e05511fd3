import type { IdType } from '@tributary/kit/ids';

import type { CallerName } from './index-world.ts';

// One way in which the graph reads its tables, with the indexes that it has to read them by.

/** A list, read from either end and from the middle. */
export interface ListPath {
  as: CallerName;
  field: string;
  args?: string;
  /** Where it stands; left out for fields of `Query`. */
  below?: { type: IdType; ids: readonly string[] };
  indexes: readonly string[];
  /** Its rows are found by the index of the filter and sorted: no index has both the filter and the order. */
  sortsMatches?: true;
  /** Nearly all rows are in it, so whoever counts them reads the table. */
  countsAll?: true;
}

/** Anything else. */
export interface SinglePath {
  as: CallerName;
  query: string;
  indexes: readonly string[];
  /** One of these is enough: which of them is cheaper depends on how much of the table was vacuumed. */
  anyOf?: readonly string[];
}
