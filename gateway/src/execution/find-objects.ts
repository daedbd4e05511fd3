import { compileEqual } from './equal-objects.ts';
import type { IsEqual } from './equal-objects.ts';
import type { ExecutionState, FoundObjects } from './execution-state.ts';
import { compileObjectsAt, compileReplaceAt } from './flatten-path.ts';
import type { FlattenPath } from './flatten-path.ts';
import { placeOf } from './plan-facts.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { Represent, Representations } from './representations.ts';
import { uniteEqual } from './repeated-objects.ts';

// Finds the objects that an entity fetch is about. What earlier fetches found is not looked for again: the objects that stand there are
// known from then on, and ways that lead through them begin there.

export interface FindOptions extends Pick<PlanFacts, 'settled' | 'fieldsAt'> {
  represent: Represent;
  /** Tells what is required of the objects, and where they are. */
  about: string;
}

export function compileFind(
  path: FlattenPath,
  { represent, about, settled, fieldsAt }: FindOptions,
): (state: ExecutionState) => FoundObjects {
  const place = placeOf(path);
  const isSettled = settled.has(place);
  const whole: Way = { path };
  const rest = wayFromEntities(path, settled);
  let isEqual: IsEqual | undefined;

  function findAt(state: ExecutionState): FoundObjects {
    const { entities, repeated } = state;
    const known = entities.get(place);
    if (known) return { objects: known, ...represent(known) };
    const starts = rest && entities.get(rest.from);
    const [way, from] = starts ? [rest, starts] : [whole, [state.data]];
    const objects = (way.objectsAt ??= compileObjectsAt(way.path))(from);
    const found = { objects, ...represent(objects) };
    if (!isSettled) return found;
    const united = mayHaveEqual(found)
      ? uniteEqual(found, { isEqual: (isEqual ??= compileEqual(place, fieldsAt)), repeated })
      : null;
    entities.set(place, united?.found.objects ?? objects);
    if (!united) return found;
    (way.replaceAt ??= compileReplaceAt(way.path))(from, united.replacements);
    return united.found;
  }

  return (state) => {
    const { lastAsked } = state;
    if (lastAsked.found !== null && lastAsked.about === about) return lastAsked.found;
    const found = findAt(state);
    lastAsked.about = about;
    return (lastAsked.found = found);
  };
}

// What is equal has the same representation.
function mayHaveEqual({ targets, values }: Representations): boolean {
  return targets.length > values.length;
}

/** A way to objects, with the functions that go it; they are made when they are needed. */
interface Way {
  path: FlattenPath;
  objectsAt?: ReturnType<typeof compileObjectsAt>;
  replaceAt?: ReturnType<typeof compileReplaceAt>;
}

/** The last part of the way, from the nearest place on it that another fetch asks about. */
function wayFromEntities(path: FlattenPath, settled: ReadonlySet<string>): (Way & { from: string }) | null {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const from = placeOf(path.slice(0, length));
    if (path[length] !== '@' && settled.has(from)) return { from, path: path.slice(length) };
  }
  return null;
}
