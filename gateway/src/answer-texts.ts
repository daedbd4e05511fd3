import { randomBytes } from 'node:crypto';

import type { ExecutionResult, FormattedExecutionResult } from 'graphql';

import type { ReusedObject } from './execution/repeated-objects.ts';

// Writes answers. A large object that stands at several places is written once, with a mark in its place wherever it stands, and its text
// takes the place of the marks.

export interface AnswerTexts {
  /** Tells which objects stand at several places in `data`; the inner ones come before those that hold them. */
  note(data: object, reused: readonly ReusedObject[]): void;
  /** The same text as that of `JSON.stringify`. */
  textOf(result: ExecutionResult | FormattedExecutionResult): string;
}

// A mark is written and replaced in the time of some hundred characters.
const MIN_PLACES = 6;
const MIN_LENGTH = 1_000;

export function createAnswerTexts(): AnswerTexts {
  const reusedIn = new WeakMap<object, readonly ReusedObject[]>();
  // Nobody who sends data can guess it, so nothing but a mark looks like one.
  const nonce = randomBytes(16).toString('hex');
  const marks = new RegExp(`"@${nonce}:(\\d+)"`, 'g');

  function textWithMarks(result: object, reused: readonly ReusedObject[]): string {
    const texts: string[] = [];
    const marked: object[] = [];
    const write = (value: unknown): string => {
      const text = JSON.stringify(value);
      return texts.length === 0 ? text : text.replaceAll(marks, (_mark, index: string) => texts[Number(index)]!);
    };
    try {
      for (const { object, places } of reused) {
        // `toJSON` would be a name that the client gave to a field.
        if (places < MIN_PLACES || 'toJSON' in object || !mayBeLong(object)) continue;
        const text = write(object);
        if (text.length < MIN_LENGTH) continue;
        const mark = `@${nonce}:${texts.push(text) - 1}`;
        Object.defineProperty(object, 'toJSON', { value: () => mark, configurable: true });
        marked.push(object);
      }
      return write(result);
    } finally {
      for (const object of marked) Reflect.deleteProperty(object, 'toJSON');
    }
  }

  return {
    note: (data, reused) => void reusedIn.set(data, reused),
    textOf(result) {
      const reused = result.data ? reusedIn.get(result.data) : undefined;
      return reused ? textWithMarks(result, reused) : JSON.stringify(result);
    },
  };
}

/** By a look at its surface. */
function mayBeLong(object: Readonly<Record<string, unknown>>): boolean {
  let length = 0;
  for (const name in object) {
    const value = object[name];
    if (typeof value === 'string') length += value.length;
    else if (typeof value === 'object' && value !== null) return true;
  }
  return length >= MIN_LENGTH;
}
