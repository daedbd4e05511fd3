import { invalidInput, refuseIfAny } from './user-errors.ts';
import type { InputPath, UserError } from './user-errors.ts';

// Reads an input into what is stored. What is wrong is collected, so that the caller learns of all of it at once; a value that was
// complained about comes back in some form and must not be used before `refuseIfAny`.

export interface TextRule {
  /** Most characters, counted as the database counts them: code points. */
  max: number;
  /** Lets line breaks and tabs through. */
  multiline?: boolean;
}

export interface InputCheck {
  /** Trimmed, and in one form of what Unicode can write in several. */
  text(value: string, field: InputPath, rule: TextRule): string;
  /** A field of a change that is never empty: left out it stays as it is, null is refused. */
  required<T, R>(value: T | null | undefined, field: InputPath, read: (value: T) => R): R | undefined;
  /** A field of a change that may be empty: left out it stays as it is, null clears it. */
  clearable<T, R>(value: T | null | undefined, read: (value: T) => R): R | null | undefined;
  add(error: UserError): void;
  /** Throws everything that was found. */
  refuseIfAny(): void;
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const CONTROL_BUT_LAYOUT = /(?![\n\t])[\p{Cc}\u2028\u2029]/u;
const VISIBLE = /[^\p{Z}\p{C}]/u;

export function checkInput(): InputCheck {
  const errors: UserError[] = [];
  return {
    text(value, field, rule) {
      const text = value.replaceAll('\r\n', '\n').trim().normalize('NFC');
      const problem = problemOf(text, rule);
      if (problem) errors.push(invalidInput(problem, field));
      return text;
    },
    required(value, field, read) {
      if (value === undefined) return undefined;
      if (value !== null) return read(value);
      errors.push(invalidInput('This cannot be cleared. Leave it out to keep it.', field));
      return undefined;
    },
    clearable(value, read) {
      if (value === undefined) return undefined;
      return value === null ? null : read(value);
    },
    add: (error) => void errors.push(error),
    refuseIfAny: () => refuseIfAny(errors),
  };
}

function problemOf(text: string, { max, multiline = false }: TextRule): string | null {
  // Half a surrogate pair is no character; it would be stored as a replacement character.
  if (!text.isWellFormed() || (multiline ? CONTROL_BUT_LAYOUT : CONTROL).test(text))
    return 'Text must not contain control characters or broken characters.';
  if (!VISIBLE.test(text)) return 'Text must not be blank.';
  return lengthOf(text) > max ? `Text must not be longer than ${max} characters.` : null;
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}
