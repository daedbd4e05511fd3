import { expect } from 'vitest';

import type { TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';

/** A connection field in one place of the graph, without the arguments that page through it. */
export interface ListField {
  field: string;
  /** Its other arguments, as they stand in a document. */
  args?: string;
  /** The object it belongs to; left out for fields of `Query`. */
  parent?: { type: string; id: string };
  /** Selection of a row; its id by default. */
  node?: string;
  /** How rows are selected: `edges` brings a cursor for each. */
  rows: 'edges' | 'nodes';
}

export interface PageRequest {
  first?: number;
  last?: number;
  /** `after` with `first`, `before` with `last`. */
  cursor: string | null;
  /** Asks for `totalCount`. */
  count: boolean;
}

export interface ConnectionPage {
  edges?: { cursor: string; node: unknown }[];
  nodes?: unknown[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount?: number | null;
}

export interface WantedPage {
  list: ListField;
  request: PageRequest;
}

/** Reads any number of pages with one operation. Lists and page sizes stand in its text, so that a walk repeats the same few texts. */
export async function readPages(graph: TestGraph, as: TokenSubject | undefined, wanted: readonly WantedPage[]) {
  const parts = wanted.map(({ list, request }, index) => {
    const page = `list: ${list.field}(${list.args ?? ''} ${bounds(request, index)}) { ${selection(list, request)} }`;
    return list.parent
      ? `p${index}: node(id: ${JSON.stringify(list.parent.id)}) { ... on ${list.parent.type} { ${page} } }`
      : page.replace('list:', `p${index}:`);
  });
  const variables = wanted.map((_, index) => `$c${index}: String`);
  const { data, errors } = await graph.ask({
    query: `query (${variables.join(' ')}) { ${parts.join('\n')} }`,
    variables: Object.fromEntries(wanted.map(({ request }, index) => [`c${index}`, request.cursor])),
    as,
  });
  expect(errors).toBeUndefined();
  return wanted.map(({ list }, index) => {
    const found = data![`p${index}`];
    return (list.parent ? (found as { list: ConnectionPage }).list : found) as ConnectionPage;
  });
}

const bounds = ({ first, last }: PageRequest, index: number) =>
  first === undefined ? `last: ${last} before: $c${index}` : `first: ${first} after: $c${index}`;

function selection({ rows, node = 'id' }: ListField, { count }: PageRequest): string {
  const selected = rows === 'edges' ? `edges { cursor node { ${node} } }` : `nodes { ${node} }`;
  const counted = count ? 'totalCount' : '';
  return `${selected} pageInfo { hasNextPage hasPreviousPage startCursor endCursor } ${counted}`;
}
