// Bends the answer of a subgraph, so that it is still JSON but not what was asked for.

/** What stands in place of the values of one kind; `undefined` leaves them out. */
export interface Twist {
  /** `index`: how many came before it in this answer. */
  leaf?: (value: unknown, index: number) => unknown;
  object?: () => unknown;
  list?: () => unknown;
  entities?: (all: readonly unknown[]) => unknown;
  typename?: () => unknown;
  /** Of a custom scalar, which may be anything; as it is where this is left out. */
  custom?: () => unknown;
  /** Text that is added to an object; `index` counts the objects of this answer. */
  extra?: (index: number) => string;
}

type Json = Record<string, unknown>;

const CUSTOM = 'profile';
const LEVELS = 200_000;
/** Stand for JSON that no writer of JSON could produce. */
export const DEEP_LIST = '@deep list@';
export const DEEP_OBJECT = '@deep object@';
const EXTRA = '@extra@';

const deepList = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const deepObject = '{"a":'.repeat(LEVELS) + '1' + '}'.repeat(LEVELS);

export function twist(text: string, how: Twist): string {
  const { data, ...rest } = JSON.parse(text) as { data: Json };
  let leaves = 0;
  let objects = 0;
  const counted: Counted = { ...how, nextLeaf: () => leaves++ };
  const bent = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, bend(value, name, counted)]));
  return JSON.stringify({ data: bent, ...rest })
    .replaceAll(`"${EXTRA}":0`, () => how.extra!(objects++))
    .replaceAll(`"${DEEP_LIST}"`, deepList)
    .replaceAll(`"${DEEP_OBJECT}"`, deepObject);
}

interface Counted extends Twist {
  nextLeaf: () => number;
}

function bend(value: unknown, name: string, how: Counted): unknown {
  if (value === null) return null;
  if (name === '__typename') return how.typename ? how.typename() : value;
  if (name === CUSTOM) return how.custom ? how.custom() : value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => bend(item, '', how));
    if (name === '_entities') return how.entities ? how.entities(items) : items;
    return how.list ? how.list() : items;
  }
  if (typeof value !== 'object') return how.leaf ? how.leaf(value, how.nextLeaf()) : value;
  if (how.object) return how.object();
  const bent = Object.entries(value).map(([each, inner]) => [each, bend(inner, each, how)] as const);
  return Object.fromEntries(how.extra === undefined ? bent : [...bent, [EXTRA, 0]]);
}
