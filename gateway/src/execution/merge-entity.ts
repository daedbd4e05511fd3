import { compileCode, propertyOf, readOf } from './generated-code.ts';
import { mergedValue } from './response-data.ts';
import type { JsonObject } from './response-data.ts';

/** Like `mergeInto`, for a source that has these names and no others. */
export function compileMerge(names: readonly string[]): (target: JsonObject, source: JsonObject) => void {
  const assignments = names
    .filter((name) => name !== '__proto__') // assigning it would exchange the prototype
    .map((name) => {
      const existing = `typeof (e = ${readOf('target', name)}) === "object" && e !== null`;
      const merged = `typeof v === "object" && v !== null && ${existing} ? mergedValue(e, v) : v`;
      return `v = ${readOf('source', name)}; if (v !== undefined) ${propertyOf('target', name)} = ${merged};`;
    });
  return compileCode(`(target, source) => { let v, e; ${assignments.join('\n')} }`, { mergedValue });
}
