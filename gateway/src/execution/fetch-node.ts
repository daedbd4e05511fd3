import type { FetchNode } from '@apollo/query-planner';
import { isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { malformedAnswer } from '../transport/check-answer.ts';
import { FetchFailure } from '../transport/subgraph-transport.ts';
import type { SubgraphAnswer, SubgraphFetch } from '../transport/subgraph-transport.ts';
import { readData, takeData } from './answer-data.ts';
import { compileAsk } from './ask-subgraph.ts';
import type { AskDeps, AskSubgraph } from './ask-subgraph.ts';
import { compileContexts } from './context-arguments.ts';
import { forgetAsked } from './execution-state.ts';
import type { ExecutionState, FoundObjects, Step } from './execution-state.ts';
import type { FetchErrors } from './fetch-errors.ts';
import { compileFind } from './find-objects.ts';
import { compileObjectsAt, placedObjectsAt } from './flatten-path.ts';
import type { FlattenPath } from './flatten-path.ts';
import { placeOf } from './plan-facts.ts';
import type { PlanFacts } from './plan-facts.ts';
import { compileMerge } from './merge-entity.ts';
import { compileRepresent } from './representations.ts';
import type { Representations } from './representations.ts';
import { compileRewrites } from './rewrites.ts';
import type { Rewrite } from './rewrites.ts';
import { copyOf, isJsonObject, mergeInto, own } from './response-data.ts';
import type { JsonObject, ResponsePath } from './response-data.ts';

// One fetch of a plan: what it asks of its subgraph, and where the answer goes.

export interface FetchDeps extends AskDeps, PlanFacts {
  schema: GraphQLSchema;
  errorsOf: (state: ExecutionState) => FetchErrors;
}

/** A fetch node with all that is the same in every run. */
interface Fetch {
  node: FetchNode;
  path: FlattenPath;
  deps: FetchDeps;
  ask: AskSubgraph;
  /** Something is written into its answer: its own rewrites, or the data of other fetches. */
  isWritten: boolean;
  rewriteOutput: Rewrite | null;
  /** For what is merged into the objects of the data. */
  merge: (target: JsonObject, source: JsonObject) => void;
  /** Objects go by the name of an interface in this fetch, which must not replace what they are. */
  isRenamed: boolean;
}

const ENTITIES = '_entities';

/** `path`: where in the data its answer belongs. */
export function compileFetch(node: FetchNode, path: FlattenPath, deps: FetchDeps): Step {
  const rewriteOutput = compileRewrites(node.outputRewrites, deps.schema);
  const isWritten = rewriteOutput !== null || deps.extended.has(node);
  const isRenamed = (node.inputRewrites ?? []).some((rewrite) => rewrite.path.at(-1) === '__typename');
  const names = rewriteOutput === null ? deps.entityNames.get(node) : undefined;
  const merge = node.requires && names ? compileMerge(names) : mergeInto;
  const fetch: Fetch = { node, path, deps, ask: compileAsk(node, deps), isWritten, rewriteOutput, merge, isRenamed };
  return node.requires ? compileEntityFetch(fetch) : compileRootFetch(fetch);
}

/** The primary fetch of a subscription: it asks once, and each event is an answer. */
export function compilePrimary(
  node: FetchNode,
  deps: FetchDeps,
): {
  requestOf: (variables: ExecutionState['variables']) => SubgraphFetch;
  receive: (state: ExecutionState, answer: SubgraphAnswer) => void;
} {
  const { operation: query, operationName } = node;
  const rewriteOutput = compileRewrites(node.outputRewrites, deps.schema);
  const isWritten = rewriteOutput !== null || deps.extended.has(node);
  return {
    requestOf: (variables) => ({
      query,
      variables: pickVariables(node, variables),
      ...(operationName !== undefined && { operationName }),
    }),
    receive: (state, answer) =>
      receiveRoot({ node, path: [], deps, isWritten, rewriteOutput }, { state, targets: [state.data], answer }),
  };
}

function compileRootFetch(fetch: Fetch): Step {
  const { node, path, ask } = fetch;
  const objectsIn = compileObjectsAt(path);
  return (state) => {
    const targets = objectsIn([state.data]);
    if (targets.length === 0) return undefined;
    return ask(state, pickVariables(node, state.variables)).then((answer) =>
      receiveRoot(fetch, { state, targets, answer }),
    );
  };
}

function receiveRoot(
  { node, path, deps, isWritten, rewriteOutput }: Omit<Fetch, 'ask' | 'merge' | 'isRenamed'>,
  { state, targets, answer }: { state: ExecutionState; targets: readonly JsonObject[]; answer: SubgraphAnswer },
): void {
  if (isCanceled(answer)) return;
  const addErrors = ({ errors, data }: SubgraphAnswer) => {
    const parents = placedObjectsAt(state.data, path).map((each) => each.path);
    deps.errorsOf(state).add({ subgraph: node.serviceName, node, parents }, errors, data);
  };
  if (answer.errors.length > 0) addErrors(answer);
  forgetAsked(state);
  try {
    for (const target of targets) {
      const data = isWritten || targets.length > 1 ? takeData(answer) : readData(answer);
      if (data === null) return;
      rewriteOutput?.(data);
      mergeInto(target, data);
    }
  } catch (error) {
    if (!isTooDeep(error)) throw error;
    addErrors(malformedAnswer());
  }
}

function compileEntityFetch(fetch: Fetch): Step {
  const { node, path, deps, ask } = fetch;
  const represent = compileRepresent({ requires: node.requires ?? [], inputRewrites: node.inputRewrites }, deps.schema);
  const contexts = compileContexts(node.contextRewrites, deps.schema);
  // Objects of some types may have had all they need in the fetch that brought them, and were not asked for more.
  const isNamed = !deps.unnamed.has(placeOf(path));

  const about = JSON.stringify([path, node.requires, node.inputRewrites]);
  const find = compileFind(path, { represent, about, ...deps });

  const fetchEntities = (
    state: ExecutionState,
    found: FoundObjects,
    contextArguments?: JsonObject,
  ): Promise<void> | undefined => {
    if (found.targets.length < found.objects.length && isNamed) {
      // An object may lack what is required because nobody knows it; what it is, its subgraph was asked and has to say.
      const nameless = found.objects.filter(({ __typename }) => typeof __typename !== 'string');
      if (nameless.length > 0) addUnaskable(fetch, state, nameless);
    }
    if (found.values.length === 0) return undefined;
    const variables = { ...pickVariables(node, state.variables), ...contextArguments, representations: found.values };
    return ask(state, variables).then((answer) => receive(fetch, { state, found, answer }));
  };

  const run: Step = (state) => {
    if (contexts === null) return fetchEntities(state, find(state));
    const pending = contexts(state.data, path).flatMap(
      ({ objects, arguments: values }) => fetchEntities(state, { objects, ...represent(objects) }, values) ?? [],
    );
    return Promise.all(pending).then(() => undefined);
  };
  return (state) => {
    try {
      return run(state);
    } catch (error) {
      if (!isTooDeep(error)) throw error;
      addUnaskable(fetch, state, compileObjectsAt(path)([state.data]));
      return undefined;
    }
  };
}

// A subgraph can nest its data so deep that the stack ends on the way down. Nobody asks for such data, so they count as none.
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError;
}

// Its run ends without an answer.
function isCanceled({ failure }: SubgraphAnswer): boolean {
  return failure === FetchFailure.canceled;
}

function receive(
  fetch: Fetch,
  { state, found, answer }: { state: ExecutionState; found: Representations; answer: SubgraphAnswer },
): void {
  if (isCanceled(answer)) return;
  if (answer.errors.length > 0) addEntityErrors(fetch, { state, found, answer });
  try {
    mergeEntities(fetch, { state, found, answer });
  } catch (error) {
    if (!isTooDeep(error)) throw error;
    addEntityErrors(fetch, { state, found, answer: malformedAnswer() });
  }
}

function mergeEntities(
  fetch: Fetch,
  { state, found, answer }: { state: ExecutionState; found: Representations; answer: SubgraphAnswer },
): void {
  const data = fetch.isWritten ? takeData(answer) : readData(answer);
  if (data === null) return;
  forgetAsked(state);
  const entities = entitiesOf(data, found.values.length);
  if (entities === null) {
    addEntityErrors(fetch, { state, found, answer: malformedAnswer() });
    return;
  }
  if (fetch.rewriteOutput) rewriteEntities(fetch.rewriteOutput, entities, found);
  const { targets, slots } = found;
  for (let index = 0; index < targets.length; index += 1) {
    const entity = entities[slots[index]!];
    if (!entity) continue;
    const target = targets[index]!;
    const typename = fetch.isRenamed ? target.__typename : undefined;
    // The objects within an entity are the same for all who get it, unless what is fetched for them depends on where they stand.
    fetch.merge(target, fetch.deps.hasContexts ? copyOf(entity) : entity);
    if (fetch.isRenamed && isObjectName(typename, fetch.deps.schema)) target.__typename = typename;
  }
}

function isObjectName(typename: unknown, schema: GraphQLSchema): boolean {
  return typeof typename === 'string' && isObjectType(schema.getType(typename));
}

function rewriteEntities(
  rewrite: Rewrite,
  entities: readonly (JsonObject | null)[],
  { targets, slots }: Representations,
): void {
  // An entity that does not say what it is, is what it was asked to be.
  for (const [index, slot] of slots.entries()) {
    const entity = entities[slot];
    if (entity) entity.__typename ??= targets[index]?.__typename;
  }
  for (const entity of entities) if (entity) rewrite(entity);
}

function entitiesOf(data: JsonObject, count: number): readonly (JsonObject | null)[] | null {
  const entities = own(data, ENTITIES);
  if (!Array.isArray(entities) || entities.length !== count) return null;
  return entities.every((each) => each === null || isJsonObject(each)) ? (entities as (JsonObject | null)[]) : null;
}

function addEntityErrors(
  { node, path, deps }: Fetch,
  { state, found, answer }: { state: ExecutionState; found: Representations; answer: SubgraphAnswer },
): void {
  const slotOf = new Map(found.targets.map((target, index) => [target, found.slots[index]!]));
  const places: ResponsePath[][] = found.values.map(() => []);
  for (const { object, path: place } of placedObjectsAt(state.data, path)) {
    const slot = slotOf.get(object);
    if (slot !== undefined) places[slot]?.push(place);
  }
  const entities = places.map((each, slot) => {
    const typename = found.targets[found.slots.indexOf(slot)]?.__typename;
    return { typename: typeof typename === 'string' ? typename : '', places: each };
  });
  deps.errorsOf(state).add({ subgraph: node.serviceName, node, entities }, answer.errors, answer.data);
}

/** What has become of these objects cannot be asked, because of what came with them. */
function addUnaskable(fetch: Fetch, state: ExecutionState, objects: readonly JsonObject[]): void {
  const found = { values: [...objects], targets: [...objects], slots: objects.map((_, index) => index) };
  addEntityErrors(fetch, { state, found, answer: malformedAnswer() });
}

/** Variables of the operation that the fetch uses; one that the client left out is left out. */
function pickVariables({ variableUsages = [] }: FetchNode, variables: ExecutionState['variables']): JsonObject {
  const picked: JsonObject = {};
  for (const name of variableUsages) {
    const value = own(variables, name);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
