import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { SubgraphError } from '../transport/subgraph-transport.ts';
import { readClientOperation } from './client-path.ts';
import type { ClientOperation } from './client-path.ts';
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

/** From the path of an error within one fetch to the places in the client's answer that it is about. */
type FindPlaces = (errorPath: ResponsePath | undefined) => readonly ResponsePath[];

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
      const { subgraph, node, path } = fetch;
      const findPlaces = node.requires
        ? entityPlaces(fetch, representedPaths(roots, path, node.requires, schema), { schema, client })
        : rootPlaces(fetch, path.length === 0 ? [[]] : objectsAt(roots, path).map((each) => each.path), {
            schema,
            client,
          });
      const seen = new Set<string>();
      for (const error of errors) {
        for (const place of findPlaces(error.path)) {
          const key = JSON.stringify([error.code, error.message, place]);
          if (seen.has(key)) continue; // several hidden fields of one object
          seen.add(key);
          const extensions = { code: error.code, subgraph };
          collected.push(new GraphQLError(error.message, { path: place.length === 0 ? null : place, extensions }));
        }
      }
    },
  };
}

interface PlacesContext {
  schema: GraphQLSchema;
  client: ClientOperation;
}

/** `entities`: where the client sees the object of each representation. */
function entityPlaces(
  { node, representations }: FailedFetch,
  entities: readonly ResponsePath[],
  { schema, client }: PlacesContext,
): FindPlaces {
  const rename = createRenaming(node);
  let fetched: ReturnType<typeof readFetchedFields> | undefined;

  // The fields that the fetch leaves empty in one entity; the entity itself when none of them is the client's.
  function lostFields(entity: ResponsePath, index: number): readonly ResponsePath[] {
    fetched ??= readFetchedFields(node, schema);
    const visible = client.visiblePart(entity);
    if (visible.length < entity.length) return [visible];
    const fields = fetched
      .entity(typenameOf(representations[index]))
      .map((name) => client.visiblePart([...entity, rename(name)]))
      .filter((path) => path.length > entity.length);
    return fields.length > 0 ? fields : [entity];
  }

  return (errorPath = []) => {
    const [head, index, ...rest] = errorPath;
    const entity = head === ENTITIES && typeof index === 'number' ? entities[index] : undefined;
    return entity ? [client.visiblePart([...entity, ...rest.map(rename)])] : entities.flatMap(lostFields);
  };
}

/** `parents`: where the client sees the objects whose fields were fetched; the root of the answer, nearly always. */
function rootPlaces(
  { node }: FailedFetch,
  parents: readonly ResponsePath[],
  { schema, client }: PlacesContext,
): FindPlaces {
  const rename = createRenaming(node);
  return (errorPath = []) => {
    const fields =
      errorPath.length > 0
        ? [errorPath]
        : readFetchedFields(node, schema)
            .root()
            .map((name) => [name]);
    return parents.flatMap((parent) => fields.map((field) => client.visiblePart([...parent, ...field.map(rename)])));
  };
}

function typenameOf(representation: unknown): string {
  const typename = (representation as { __typename?: unknown } | undefined)?.__typename;
  return typeof typename === 'string' ? typename : '';
}

// The planner gives a field another alias when two types would clash within one fetch, and has it renamed in the answer.
function createRenaming({ outputRewrites = [] }: FetchNode): (part: string | number) => string | number {
  const names = new Map<string | number, string>();
  for (const rewrite of outputRewrites) {
    const alias = rewrite.kind === 'KeyRenamer' ? rewrite.path.at(-1) : undefined;
    if (alias !== undefined && rewrite.kind === 'KeyRenamer') names.set(alias, rewrite.renameKeyTo);
  }
  return (part) => names.get(part) ?? part;
}

function oneContainsTheOther(a: ResponsePath, b: ResponsePath): boolean {
  const shared = Math.min(a.length, b.length);
  return a.slice(0, shared).every((part, index) => part === b[index]);
}
