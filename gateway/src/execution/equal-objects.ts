import { compileCode, readOf } from './generated-code.ts';
import { placeBelow } from './plan-facts.ts';
import type { PlanFacts } from './plan-facts.ts';
import { isJsonObject } from './response-data.ts';
import type { JsonObject } from './response-data.ts';

export type IsEqual = (one: JsonObject, other: JsonObject) => boolean;

/** Compares objects at `place` by all that fetches bring there, and below. What is unusual, such as a list of lists, counts as different. */
export function compileEqual(place: string, fieldsAt: PlanFacts['fieldsAt']): IsEqual {
  const names = [...new Set(['__typename', ...(fieldsAt.get(place) ?? [])])];
  const tests = names.map((name, index) => {
    const same = `(x = ${readOf('one', name)}) === (y = ${readOf('other', name)})`;
    return `(${same} || isEqual${index}(x, y))`;
  });
  const isEqualWithin = names.map((name, index) => {
    const below = placeBelow(place, name);
    const isEqual = fieldsAt.has(below) ? objects(compileEqual(below, fieldsAt)) : isIdentical;
    return [`isEqual${index}`, lists(isEqual)] as const;
  });
  return compileCode(`(one, other) => { let x, y; return ${tests.join(' && ')}; }`, Object.fromEntries(isEqualWithin));
}

type IsEqualValue = (one: unknown, other: unknown) => boolean;

const isIdentical: IsEqualValue = (one, other) => one === other;

function objects(isEqual: IsEqual): IsEqualValue {
  return (one, other) => one === other || (isJsonObject(one) && isJsonObject(other) && isEqual(one, other));
}

function lists(isEqualItem: IsEqualValue): IsEqualValue {
  return (one, other) => {
    if (!Array.isArray(one)) return isEqualItem(one, other);
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let index = 0; index < one.length; index += 1) if (!isEqualItem(one[index], other[index])) return false;
    return true;
  };
}
