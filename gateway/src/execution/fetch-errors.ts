import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

import type { SubgraphError } from '../transport/subgraph-transport.ts';
import { readClientOperation } from './client-path.ts';
import type { ClientOperation } from './client-path.ts';
import { readFetchedFields } from './fetched-fields.ts';
import type { FetchedFields } from './fetched-fields.ts';
import type { PlannedOperation } from './plan-executor.ts';
import type { ResponsePath } from './response-data.ts';

// Collects the errors of all fetches of one request and gives each a path in terms of the client's operation. An error without a
// path belongs to the whole fetch: it is told once for every field of the client that the fetch would have answered.

/** The fetch that errors come from. */
interface FailedFetch {
  subgraph: string;
  node: FetchNode;
}

/** A fetch of root fields; `parents`: where the client sees the objects they belong to, nearly always the root of the answer. */
export interface FailedRootFetch extends FailedFetch {
  parents: readonly ResponsePath[];
}

/** A fetch of entities, one for each representation. */
export interface FailedEntityFetch extends FailedFetch {
  entities: readonly FailedEntity[];
}

export interface FailedEntity {
  typename: string;
  /** Where the client sees it. */
  places: readonly ResponsePath[];
}

export interface FetchErrors {
  /** `data`: what the subgraph answered beside the errors. */
  add(
    fetch: FailedRootFetch | FailedEntityFetch,
    errors: readonly SubgraphError[],
    data?: Readonly<Record<string, unknown>> | null,
  ): void;
  collected(): readonly GraphQLError[];
  /** Whether an error collected so far tells why there is no value at this path. */
  explain(path: ResponsePath): boolean;
}

export interface FetchErrorsOptions {
  /** What was planned. */
  document: DocumentNode;
  /** The one of the document that is executed. */
  operation: OperationDefinitionNode;
  /** From a response name in the data to the client's, where that is another. */
  clientNames?: ReadonlyMap<string, string> | undefined;
  schema: GraphQLSchema;
}

/** For one run of a planned operation. */
export function fetchErrorsOf({ document, operation, adapted }: PlannedOperation, schema: GraphQLSchema): FetchErrors {
  if (!adapted) return createFetchErrors({ document, operation, schema });
  const clientNames = new Map([...adapted.names].map(([client, planned]) => [planned, client]));
  return createFetchErrors({ document: adapted.document, operation: adapted.operation, schema, clientNames });
}

/** From the path of an error within one fetch to the places in the client's answer that it is about. */
type FindPlaces = (errorPath: ResponsePath | undefined) => readonly ResponsePath[];

const ENTITIES = '_entities';

export function createFetchErrors({ document, operation, schema, clientNames }: FetchErrorsOptions): FetchErrors {
  const collected: GraphQLError[] = [];
  // Fields that are missing because of an error elsewhere in the same object: null for a non-null field takes its siblings along.
  const lost: ResponsePath[] = [];
  const client = readClientOperation(document, operation);
  const named = (path: ResponsePath): ResponsePath =>
    clientNames ? path.map((part) => (typeof part === 'string' ? (clientNames.get(part) ?? part) : part)) : path;

  return {
    collected: () => collected,
    explain: (path) =>
      collected.some((error) => error.path !== undefined && oneContainsTheOther(error.path, path)) ||
      lost.some((each) => oneContainsTheOther(each, path)),
    add(fetch, errors, data = null) {
      const { subgraph, node } = fetch;
      let fields: FetchedFields | undefined;
      const context = { client, fetchedFields: () => (fields ??= readFetchedFields(node, schema)) };
      const entities = 'entities' in fetch ? fetch.entities : [];
      for (const index of lostEntities(errors, data))
        lost.push(...lostFields(node, entities[index], context).map(named));
      const findPlaces =
        'entities' in fetch ? entityPlaces(node, entities, context) : rootPlaces(node, fetch.parents, context);
      if ('parents' in fetch && data === null) lost.push(...findPlaces(undefined));
      const seen = new Set<string>();
      for (const error of errors) {
        for (const place of findPlaces(error.path).map(named)) {
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

function entityPlaces(node: FetchNode, entities: readonly FailedEntity[], context: PlacesContext): FindPlaces {
  const rename = createRenaming(node);
  return (errorPath = []) => {
    const [head, index, ...rest] = errorPath;
    const entity = head === ENTITIES && typeof index === 'number' ? entities[index] : undefined;
    return entity
      ? entity.places.map((place) => context.client.visiblePart([...place, ...rest.map(rename)]))
      : entities.flatMap((each) => lostFields(node, each, context));
  };
}

/** The fields that the fetch leaves empty in one entity; the entity itself when none of them is the client's. */
function lostFields(
  node: FetchNode,
  entity: FailedEntity | undefined,
  { client, fetchedFields }: PlacesContext,
): readonly ResponsePath[] {
  if (!entity) return [];
  const rename = createRenaming(node);
  return entity.places.flatMap((place) => {
    const visible = client.visiblePart(place);
    if (visible.length < place.length) return [visible];
    const fields = fetchedFields()
      .entity(entity.typename)
      .map((name) => client.visiblePart([...place, rename(name)]))
      .filter((path) => path.length > place.length);
    return fields.length > 0 ? fields : [place];
  });
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

function rootPlaces(
  node: FetchNode,
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
