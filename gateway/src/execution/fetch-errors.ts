import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { SubgraphError } from '../transport/subgraph-transport.ts';
import { readClientOperation } from './client-path.ts';
import { objectsAt, representedPaths } from './entity-positions.ts';
import { readFetchedFields } from './fetched-fields.ts';
import type { PlanExecution } from './plan-executor.ts';
import type { ResponsePath } from './plan-index.ts';

// Collects the errors of all fetches of one request and gives each a path in terms of the client's operation. An error without a
// path belongs to the whole fetch: it is told once for every field of the client that the fetch would have answered.

export interface FailedFetch {
  subgraph: string;
  node: FetchNode;
  path: ResponsePath;
  representations: readonly Record<string, unknown>[];
}

export interface FetchErrors {
  /** Remembers the answer of a root fetch; positions of entities are found in it. */
  recordRoot(data: Record<string, unknown>): void;
  add(fetch: FailedFetch, errors: readonly SubgraphError[]): void;
  collected(): readonly GraphQLError[];
  /** Whether an error collected so far tells why there is no value at this path. */
  explain(path: ResponsePath): boolean;
}

const ENTITIES = '_entities';

export function createFetchErrors(schema: GraphQLSchema, execution: PlanExecution): FetchErrors {
  const roots: Record<string, unknown>[] = [];
  const collected: GraphQLError[] = [];
  const client = readClientOperation(execution.document, execution.operationName);

  return {
    recordRoot: (data) => void roots.push(data),
    collected: () => collected,
    explain: (path) => collected.some((error) => error.path !== undefined && oneContainsTheOther(error.path, path)),
    add(fetch, errors) {
      const seen = new Set<string>();
      for (const { message, code, path } of errors) {
        for (const place of pathsOf(fetch, path)) {
          const key = JSON.stringify([code, message, place]);
          if (seen.has(key)) continue; // several hidden fields of one object
          seen.add(key);
          const options = { path: place.length === 0 ? null : place, extensions: { code, subgraph: fetch.subgraph } };
          collected.push(new GraphQLError(message, options));
        }
      }
    },
  };

  function pathsOf(fetch: FailedFetch, errorPath: ResponsePath | undefined): readonly ResponsePath[] {
    const { node, path } = fetch;
    const renamed = renameBack(node, errorPath ?? []);
    if (node.requires) {
      const entities = representedPaths(roots, path, node.requires, schema);
      const [head, index, ...rest] = renamed;
      const entity = head === ENTITIES && typeof index === 'number' ? entities[index] : undefined;
      if (entity) return [client.visiblePart([...entity, ...rest])];
      return entities.flatMap((each, at) => lostFields(fetch, each, fetch.representations[at]));
    }
    const places = path.length === 0 ? [[]] : objectsAt(roots, path).map((each) => each.path);
    if (renamed.length > 0) return places.map((place) => client.visiblePart([...place, ...renamed]));
    const lost = readFetchedFields(node, schema).root();
    return places.flatMap((place) => lost.map((name) => client.visiblePart([...place, name])));
  }

  // The fields of one entity that a fetch without an answer leaves empty; the entity itself when none of them is the client's.
  function lostFields({ node }: FailedFetch, entity: ResponsePath, representation: unknown): readonly ResponsePath[] {
    const visible = client.visiblePart(entity);
    if (visible.length < entity.length) return [visible];
    const names = readFetchedFields(node, schema).entity(typenameOf(representation));
    const fields = names
      .map((name) => client.visiblePart([...entity, ...renameBack(node, [name])]))
      .filter((path) => path.length > entity.length);
    return fields.length > 0 ? fields : [entity];
  }
}

function typenameOf(representation: unknown): string {
  const typename = (representation as { __typename?: unknown } | undefined)?.__typename;
  return typeof typename === 'string' ? typename : '';
}

// The planner gives a field another alias when two types would clash within one fetch, and has it renamed in the answer.
function renameBack({ outputRewrites = [] }: FetchNode, path: ResponsePath): ResponsePath {
  const names = new Map<string | number, string>();
  for (const rewrite of outputRewrites) {
    const alias = rewrite.kind === 'KeyRenamer' ? rewrite.path.at(-1) : undefined;
    if (alias !== undefined && rewrite.kind === 'KeyRenamer') names.set(alias, rewrite.renameKeyTo);
  }
  return path.map((part) => names.get(part) ?? part);
}

function oneContainsTheOther(a: ResponsePath, b: ResponsePath): boolean {
  const shared = Math.min(a.length, b.length);
  return a.slice(0, shared).every((part, index) => part === b[index]);
}
