import type DataLoader from 'dataloader';

import { notFound, parseGlobalId } from '@tributary/kit';
import type { IdType } from '@tributary/kit';

import type { UsersContext } from './context.ts';

/**
 * A reference resolver. Of the representation it takes nothing but the id, and it answers with the row as this caller may see it:
 * a wrong id is INVALID_ID, a missing row and an invisible one are both NOT_FOUND.
 */
export function referenceResolver<Row>(
  type: IdType,
  loaderOf: (context: UsersContext) => DataLoader<string, Row | null>,
) {
  return async ({ id }: { id?: unknown }, context: UsersContext): Promise<Row> => {
    const row = await loaderOf(context).load(parseGlobalId(type, typeof id === 'string' ? id : ''));
    if (row === null) throw notFound();
    return row;
  };
}
