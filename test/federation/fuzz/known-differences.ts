import type { Difference } from './compare.ts';
import type { Answers } from './graph.ts';
import * as trait from './operation-traits.ts';
import { selects } from './operation-traits.ts';
import type { Asked } from './operation-traits.ts';
import { canonical } from './world.ts';

// Differences that have a reason, and the reason is not the engine. Where the plan is wrong, the stock executor is just as wrong with it:
// an excuse of that kind holds only if it gives the very same data.

export interface Case extends Asked {
  answers: Answers;
  differences: readonly Difference[];
}

interface KnownDifference {
  reason: string;
  matches: (found: Case) => boolean;
}

const isPlans = ({ answers: { ours, stock, plain } }: Case): boolean =>
  JSON.stringify(ours.data) === JSON.stringify(stock.data) || JSON.stringify(stock.data) !== JSON.stringify(plain.data);
const isStocks = ({ differences }: Case): boolean => differences.every(({ kind }) => kind.startsWith('stock'));

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason: 'the planner mixes up an alias with the field of that name that it needs itself',
    matches: (found) => isPlans(found) && selects(found, trait.isNamedLikeAnother),
  },
  {
    reason: 'the planner mixes up two selections of a field with different arguments, one of them in @requires',
    matches: (found) =>
      isPlans(found) && (selects(found, trait.isAlsoRequired) || selects(found, trait.requiresShared)),
  },
  {
    reason: 'the planner asks for a field with @requires before it has what is required',
    matches: (found) => selects(found, trait.isChained),
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
    reason: 'the planner leaves out a field where conditions leave nothing of its selections',
    matches: (found) => isPlans(found) && found.answers.ours.errors !== undefined && trait.hasEmptiedField(found),
  },
  {
    reason: 'the planner asks for a field that requires another one, which it fetches under a condition only',
    matches: (found) => isPlans(found) && trait.isConditional(found) && selects(found, trait.isRequiring),
  },
  {
    reason: 'the stock executor does not merge lists of lists that two subgraphs share',
    matches: (found) => isStocks(found) && selects(found, trait.isSharedNestedList),
  },
];

/** Operations that the planner throws on. */
export const knownRefusals: readonly { reason: string; message: RegExp; matches?: (asked: Asked) => boolean }[] = [
  {
    reason: 'the planner fails where an alias is the name of a field that it needs itself',
    message: /^Cannot add selection of field "\w+\.\w+" to selection set of parent type "\w+"/,
    matches: (asked) => selects(asked, trait.isNamedLikeAnother),
  },
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
  {
    reason: 'the planner fails where conditions exclude each other',
    message: /adding it as parent would create a cycle/,
  },
];
