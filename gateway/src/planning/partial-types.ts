import type { Selection, SelectionSet } from '@apollo/federation-internals';
import { advanceSimultaneousPathsWithOperation } from '@apollo/query-graphs';
import type { QueryGraph, SimultaneousPathsWithLazyIndirectPaths as Way } from '@apollo/query-graphs';
import type { QueryPlanner } from '@apollo/query-planner';

// Subgraphs may know different members of a union, or different types behind an interface. The planner follows every way to such a field. If
// one of them, however long, leads to a subgraph that does not know the type of a fragment, it asks nobody for that fragment, although the
// subgraph that it does ask may know the type. So ways that lead nowhere are taken from it where a shorter one brings the whole fragment.

/** What the planner keeps to itself, and may keep otherwise in another version. */
interface PlannerInside {
  federatedQueryGraph?: QueryGraph;
  inconsistentAbstractTypesRuntimes?: ReadonlySet<string>;
}

type Advance = (way: Way, element: Selection['element']) => Way[] | undefined;

/**
 * Changes this planner only, and only where subgraphs know different types. A planner shows its open branches to nobody but a check of
 * their number, so that is where it is changed.
 */
export function keepShorterWays(planner: QueryPlanner): void {
  const inside = planner as unknown as PlannerInside;
  const check = inside.federatedQueryGraph?.nonLocalSelectionsMetadata;
  if (!check || !inside.inconsistentAbstractTypesRuntimes?.size) return;
  const checkNumber = check.checkNonLocalSelectionsLimitExceededAtRoot.bind(check);
  check.checkNonLocalSelectionsLimitExceededAtRoot = (branches, state, schema, types, overrides, isConstrained) => {
    const advance: Advance = (way, element) => advanceSimultaneousPathsWithOperation(schema, way, element, overrides);
    branches.pop = () => {
      const [branch] = branches.splice(-1);
      return branch && [branch[0], waysFor(branch[0], branch[1], advance)];
    };
    return checkNumber(branches, state, schema, types, overrides, isConstrained);
  };
}

function waysFor(selection: Selection, ways: Way[], advance: Advance): Way[] {
  if (selection.kind !== 'FragmentSelection' || ways.length < 2) return ways;
  const isEmpty = (way: Way) => advance(way, selection.element)?.length === 0;
  const empty = ways.filter(isEmpty);
  if (empty.length === 0) return ways;
  const others = ways.filter((way) => !empty.includes(way));
  const shortest = Math.min(...empty.map(jumps));
  const isShorter = others.some((way) => jumps(way) < shortest && bringsAll(way, selection, advance));
  return isShorter ? others : ways;
}

function bringsAll(way: Way, { element, selectionSet }: Selection, advance: Advance): boolean {
  const next = advance(way, element);
  return next?.length === 0 || (next?.some((each) => bringsEach(each, selectionSet, advance)) ?? false);
}

function bringsEach(way: Way, selectionSet: SelectionSet | undefined, advance: Advance): boolean {
  return selectionSet?.selections().every((each) => bringsAll(way, each, advance)) ?? true;
}

function jumps({ paths }: Way): number {
  return Math.max(...paths.map((path) => path.subgraphJumps()));
}
