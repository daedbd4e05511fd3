import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import type { OperationDefinitionNode, SelectionSetNode } from 'graphql';

import { unreachable } from '@tributary/kit/invariant';

import { fragmentsOf } from './collect-fields.ts';

// One answer may serve several fetches, so nobody may write into it. Whether somebody would is known from the plan: a fetch is
// extended when another one merges data into the objects that it brings.

interface PlacedFetch {
  node: FetchNode;
  /** Places of the objects within its answer, and whether they are asked for their names. */
  objects: readonly ObjectPlace[];
  /** Where its data is merged. */
  target: string;
  entityNames: readonly string[];
  /** Response names that it brings, each with the place of its objects. */
  fields: readonly (readonly [place: string, name: string])[];
}

interface ObjectPlace {
  place: string;
  isNamed: boolean;
}

/** What its fetches have to do with each other. */
export interface PlanFacts {
  /** Fetches whose answers are merged into by other fetches. */
  extended: ReadonlySet<FetchNode>;
  /** Some fetch takes arguments from the surroundings of its objects. */
  hasContexts: boolean;
  /** Places of objects that need not say what they are. */
  unnamed: ReadonlySet<string>;
  /** Response names that an entity fetch asks of its entities, whatever their type. */
  entityNames: ReadonlyMap<FetchNode, readonly string[]>;
  /**
   * Places of entities that one fetch alone brings: the others ask about all of them alike, so those that are equal when the first one
   * asks are equal for ever. None where a fetch takes arguments from the surroundings of its objects.
   */
  settled: ReadonlySet<string>;
  /** Response names of all that fetches bring, by the place of its objects. */
  fieldsAt: ReadonlyMap<string, ReadonlySet<string>>;
}

export function readPlanFacts(plan: PlanNode | SubscriptionNode | undefined): PlanFacts {
  const fetches = plan ? listFetches(plan, []) : [];
  const touching = new Map<string, number>();
  for (const { objects, target } of fetches)
    for (const place of new Set([...objects.map((each) => each.place), target]))
      touching.set(place, (touching.get(place) ?? 0) + 1);
  const extended = fetches.filter(({ objects }) => objects.some(({ place }) => (touching.get(place) ?? 0) > 1));
  const hasContexts = fetches.some(({ node }) => (node.contextRewrites?.length ?? 0) > 0);
  return {
    extended: new Set(extended.map(({ node }) => node)),
    hasContexts,
    unnamed: new Set(fetches.flatMap(({ objects }) => objects.flatMap(({ place, isNamed }) => (isNamed ? [] : place)))),
    entityNames: new Map(fetches.map(({ node, entityNames }) => [node, entityNames])),
    settled: hasContexts ? new Set() : settledPlaces(fetches),
    fieldsAt: fieldsByPlace(fetches),
  };
}

function settledPlaces(fetches: readonly PlacedFetch[]): ReadonlySet<string> {
  const bringing = new Map<string, number>();
  for (const { objects } of fetches)
    for (const place of new Set(objects.map((each) => each.place))) bringing.set(place, (bringing.get(place) ?? 0) + 1);
  const asked = fetches.flatMap(({ node, target }) => (node.requires ? [target] : []));
  return new Set(asked.filter((place) => bringing.get(place) === 1));
}

function fieldsByPlace(fetches: readonly PlacedFetch[]): PlanFacts['fieldsAt'] {
  const fields = new Map<string, Set<string>>();
  for (const [place, name] of fetches.flatMap((each) => each.fields)) {
    const names = fields.get(place);
    if (names) names.add(name);
    else fields.set(place, new Set([name]));
  }
  return fields;
}

function listFetches(node: PlanNode | SubscriptionNode, path: readonly string[]): readonly PlacedFetch[] {
  switch (node.kind) {
    case 'Fetch':
      return [{ node, ...readOperation(node, path), target: placeOf(path) }];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((each) => listFetches(each, path));
    case 'Flatten':
      return listFetches(node.node, [...path, ...node.path.map(String)]);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((each) => (each ? listFetches(each, path) : []));
    case 'Defer':
      return [node.primary, ...node.deferred].flatMap((each) => (each.node ? listFetches(each.node, path) : []));
    case 'Subscription':
      return [node.primary, ...(node.rest ? [node.rest] : [])].flatMap((each) => listFetches(each, path));
    default:
      return unreachable(node);
  }
}

function readOperation(node: FetchNode, path: readonly string[]): Omit<PlacedFetch, 'node' | 'target'> {
  const document = parse(node.operation, { noLocation: true });
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const fragments = fragmentsOf(document);
  const renamed = new Map(
    (node.outputRewrites ?? []).flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1), rewrite.renameKeyTo] as const] : [],
    ),
  );
  const entities = [...path];
  const entityNames = new Set<string>();
  const fields: [place: string, name: string][] = [];
  const placesIn = (selectionSet: SelectionSetNode, at: readonly string[]): readonly ObjectPlace[] =>
    selectionSet.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const isEntities = node.requires !== undefined && name === '_entities' && at === path;
        if (at === entities) entityNames.add(name);
        if (isEntities && selection.selectionSet) return placesIn(selection.selectionSet, entities);
        const renamedTo = renamed.get(name) ?? name;
        fields.push([placeOf(at), renamedTo]);
        if (!selection.selectionSet) return [];
        const place = [...at, renamedTo];
        const isNamed = asksForName(selection.selectionSet);
        return [{ place: placeOf(place), isNamed }, ...placesIn(selection.selectionSet, place)];
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      return fragment ? placesIn(fragment.selectionSet, at) : [];
    });
  const objects = operation ? placesIn(operation.selectionSet, path) : [];
  return { objects, entityNames: [...entityNames], fields };
}

const asksForName = ({ selections }: SelectionSetNode): boolean =>
  selections.some((each) => each.kind === Kind.FIELD && each.name.value === '__typename' && !each.alias);

/** A path without what tells the items of lists apart. */
export function placeOf(path: readonly string[]): string {
  return path.filter((part) => part !== '@').join('.');
}

/** The place of the objects in a field of those at `place`. */
export function placeBelow(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
