import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { SubgraphError } from '../transport/subgraph-transport.ts';
import { readClientOperation } from './client-path.ts';
import type { ClientOperation } from './client-path.ts';
import { objectsAt, representedPaths } from './entity-positions.ts';
import { readFetchedFields } from './fetched-fields.ts';
import type { FetchedFields } from './fetched-fields.ts';
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
  /** `data`: what the subgraph answered beside the errors. */
  add(fetch: FailedFetch, errors: readonly SubgraphError[], data?: Readonly<Record<string, unknown>> | null): void;
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
  // Fields that are missing because of an error elsewhere in the same entity: null for a non-null field takes its siblings along.
  const lost: ResponsePath[] = [];
  const client = readClientOperation(execution.document, execution.operationName);

  return {
    recordRoot: (data) => void roots.push(data),
    collected: () => collected,
    explain: (path) =>
      collected.some((error) => error.path !== undefined && oneContainsTheOther(error.path, path)) ||
      lost.some((each) => oneContainsTheOther(each, path)),
    add(fetch, errors, data = null) {
      const { subgraph, node, path } = fetch;
      let fields: FetchedFields | undefined;
      const context = { client, fetchedFields: () => (fields ??= readFetchedFields(node, schema)) };
      const entities = node.requires ? representedPaths(roots, path, node.requires, schema) : [];
      lost.push(
        ...lostEntities(errors, data).flatMap((index) =>
          lostFields(fetch, { index, entity: entities[index] }, context),
        ),
      );
      const findPlaces = node.requires
        ? entityPlaces(fetch, entities, context)
        : rootPlaces(fetch, path.length === 0 ? [[]] : objectsAt(roots, path).map((each) => each.path), context);
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
  client: ClientOperation;
  /** Of the fetch at hand; its operation is read once, and only when it is needed. */
  fetchedFields: () => FetchedFields;
}

/** `entities`: where the client sees the object of each representation. */
function entityPlaces(fetch: FailedFetch, entities: readonly ResponsePath[], context: PlacesContext): FindPlaces {
  const rename = createRenaming(fetch.node);
  return (errorPath = []) => {
    const [head, index, ...rest] = errorPath;
    const entity = head === ENTITIES && typeof index === 'number' ? entities[index] : undefined;
    return entity
      ? [context.client.visiblePart([...entity, ...rest.map(rename)])]
      : entities.flatMap((each, position) => lostFields(fetch, { index: position, entity: each }, context));
  };
}

/** The fields that the fetch leaves empty in one entity; the entity itself when none of them is the client's. */
function lostFields(
  { node, representations }: FailedFetch,
  { index, entity }: { index: number; entity: ResponsePath | undefined },
  { client, fetchedFields }: PlacesContext,
): readonly ResponsePath[] {
  if (!entity) return [];
  const rename = createRenaming(node);
  const visible = client.visiblePart(entity);
  if (visible.length < entity.length) return [visible];
  const fields = fetchedFields()
    .entity(typenameOf(representations[index]))
    .map((name) => client.visiblePart([...entity, rename(name)]))
    .filter((path) => path.length > entity.length);
  return fields.length > 0 ? fields : [entity];
}

/** Positions of the entities that came back as null with an error inside. */
function lostEntities(
  errors: readonly SubgraphError[],
  data: Readonly<Record<string, unknown>> | null,
): readonly number[] {
  const entities = data?.[ENTITIES];
  if (!Array.isArray(entities)) return [];
  const inside = errors.flatMap(({ path: [head, index] = [] }) =>
    head === ENTITIES && typeof index === 'number' && entities[index] === null ? [index] : [],
  );
  return [...new Set(inside)];
}

/** `parents`: where the client sees the objects whose fields were fetched; the root of the answer, nearly always. */
function rootPlaces(
  { node }: FailedFetch,
  parents: readonly ResponsePath[],
  { client, fetchedFields }: PlacesContext,
): FindPlaces {
  const rename = createRenaming(node);
  return (errorPath = []) => {
    const fields =
      errorPath.length > 0
        ? [errorPath]
        : fetchedFields()
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
