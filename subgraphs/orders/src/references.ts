import { notFound, parseGlobalId } from '@tributary/kit';
import type { IdType } from '@tributary/kit';
import type DataLoader from 'dataloader';

/**
 * A representation as far as every entity needs it: the key, which is any JSON value until it is parsed. Nothing else in one is
 * taken for data of this subgraph.
 */
export interface Reference {
  id?: unknown;
}

/** An object of another subgraph: all that is known here is its id, a UUID. */
export interface Stub {
  id: string;
}

/** The visible row behind a reference. INVALID_ID for an id of another type; NOT_FOUND when it is missing or not visible. */
export async function resolveReference<Row>(
  type: IdType,
  { id }: Reference,
  byId: DataLoader<string, Row | null>,
): Promise<Row> {
  const row = await byId.load(parseKey(type, id));
  if (row === null) throw notFound();
  return row;
}

/** Another subgraph's object as a parent of fields of this one. Whether it exists is for its owner to say. */
export const resolveStub = (type: IdType, { id }: Reference): Stub => ({ id: parseKey(type, id) });

/** The way from an object of this subgraph to one of another. */
export const stubOf = (id: string | null): Stub | null => (id === null ? null : { id });

const parseKey = (type: IdType, id: unknown) => parseGlobalId(type, typeof id === 'string' ? id : '');
