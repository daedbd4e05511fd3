import type { Difference } from './compare.ts';
import type { Answers } from './graph.ts';
import * as trait from './operation-traits.ts';
import { selects } from './operation-traits.ts';
import type { Asked } from './operation-traits.ts';
import { canonical } from './world.ts';

// Differences that have a reason, and the reason is not the engine. Those of the stock executor count only where our answer is that of
// graphql-js.

export interface Case extends Asked {
  answers: Answers;
  differences: readonly Difference[];
}

interface KnownDifference {
  reason: string;
  matches: (found: Case) => boolean;
}

const isStocks = ({ differences }: Case): boolean => differences.every(({ kind }) => kind.startsWith('stock'));

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: 'the planner asks for a field with @requires before it has what is required',
    matches: (found) => selects(found, trait.isChained),
  },
  {
    reason: 'an error takes along an object of which another subgraph requires something else',
    matches: (found) => found.answers.plain.errors !== undefined && selects(found, trait.requiresObject),
  },
  {
    reason: 'the planner asks what a field of an interface object requires of objects that do not ask for that field',
    matches: (found) =>
      found.differences.every(({ kind }) => kind === 'errors') && selects(found, (field) => field.name.value === 'j0r'),
  },
  {
    reason: 'the stock executor does not look for required fields in lists of lists',
    matches: (found) => isStocks(found) && selects(found, trait.requiresNestedList),
  },
  {
    reason: 'the stock executor answers fields of equal fragments together',
    matches: (found) => isStocks(found) && canonical(found.answers.ours.data) === canonical(found.answers.stock.data),
  },
  {
    reason: 'the stock executor leaves out fields in fragments on abstract types where the data has no __typename',
    matches: (found) => isStocks(found) && trait.hasAbstractFragment(found),
  },
  {
    reason: 'the stock executor takes the name of an interface for the type of an object',
    matches: (found) => isStocks(found) && selects(found, trait.isOfInterfaceObject),
  },
  {
    reason: 'the stock executor does not send null for a field that is required with arguments',
    matches: (found) => isStocks(found) && selects(found, trait.requiresCall),
  },
  {
    reason: 'the stock executor does not merge lists of lists',
    matches: (found) => isStocks(found) && selects(found, trait.isNestedList),
  },
];

/** Operations that the planner throws on. */
export const knownRefusals: readonly { reason: string; message: RegExp; matches?: (asked: Asked) => boolean }[] = [
  {
    reason: 'the planner fails on a field of an interface that is external in one of its types',
    message: /^Was not able to find any options for \w+: This shouldn't have happened/,
  },
  {
    reason: 'the planner fails where a field with @requires is added to an interface',
    message: /^Cannot add fragment of condition "T\d" \(runtimes: .*\) to parent type "T\d"/,
  },
  {
    reason: 'the planner fails on __typename of an interface that another subgraph declares as an object',
    message: /^We should have an edge from J0\(\w+\) for __typename/,
  },
];
