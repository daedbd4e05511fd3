import { invalidInput } from '@tributary/kit';
import type { InputCheck, InputPath } from '@tributary/kit';

// Limits that the input of several mutations shares.

export const MAX_LINES = 250;
export const MAX_QUANTITY = 9_999;

export const readNote = (check: InputCheck, text: string, field: InputPath): string =>
  check.text(text, field, { max: 2_000, multiline: true });

/** Reference of the caller's own system. */
export const readReference = (check: InputCheck, text: string, field: InputPath): string =>
  check.text(text, field, { max: 100 });

export function readQuantity(check: InputCheck, quantity: number, field: InputPath): number {
  if (quantity < 1 || quantity > MAX_QUANTITY) check.add(invalidInput(`A quantity is 1 to ${MAX_QUANTITY}.`, field));
  return quantity;
}
