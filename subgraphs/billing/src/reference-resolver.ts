import type DataLoader from 'dataloader';

import { notFound, parseGlobalId } from '@tributary/kit';
import type { IdType } from '@tributary/kit';

import type { BillingContext } from './context.ts';

/** A representation as far as it is believed without a look: nothing in it is data of this subgraph. */
export type Representation = Readonly<Record<string, unknown>>;

/** The UUID in a representation's key. Throws INVALID_ID for an id of another type. */
export const referencedId = (type: IdType, { id }: Representation): string =>
  parseGlobalId(type, typeof id === 'string' ? id : '');

/** Resolves references to own entities: the row as the caller may see it; NOT_FOUND when it is missing or not visible. */
export function referenceResolver<Row>(
  type: IdType,
  loaderOf: (context: BillingContext) => DataLoader<string, Row | null>,
) {
  return async (representation: Representation, context: BillingContext): Promise<Row> => {
    const row = await loaderOf(context).load(referencedId(type, representation));
    if (row === null) throw notFound();
    return row;
  };
}
