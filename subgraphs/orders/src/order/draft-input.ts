import { checkInput, invalidInput, parseGlobalId, readPostalAddress } from '@tributary/kit';
import type { InputCheck, PostalAddress } from '@tributary/kit';

import { MAX_DISCOUNT_CODES, normalizeCode } from '../pricing/discount-code.ts';
import type { WantedLine } from '../pricing/quote.ts';
import { MAX_LINES, readNote, readQuantity, readReference } from './order-input.ts';

/** `OrderDraftSaveInput` of the contract. */
export interface OrderDraftSaveInput {
  id?: string | null;
  expectedVersion?: number | null;
  buyerId?: string | null;
  organizationId?: string | null;
  currency?: string | null;
  lines: readonly { variantId: string; quantity: number }[];
  shippingAddress?: PostalAddress | null;
  billingAddress?: PostalAddress | null;
  discountCodes?: readonly string[] | null;
  customerNote?: string | null;
  externalReference?: string | null;
  idempotencyKey?: string | null;
}

/** What is to be saved. What is undefined stays as it is, or starts empty. */
export interface DraftChange {
  /** The draft to change; null makes one. */
  draft: { id: string; expectedVersion: number } | null;
  buyerId: string | null | undefined;
  organizationId: string | null | undefined;
  currency: string | undefined;
  lines: readonly WantedLine[];
  shippingAddress: PostalAddress | null | undefined;
  billingAddress: PostalAddress | null | undefined;
  discountCodes: readonly string[] | undefined;
  customerNote: string | null | undefined;
  externalReference: string | null | undefined;
}

/** Throws INVALID_ID for what is no id, and one refusal with everything else that is wrong. */
export function readDraftInput(input: OrderDraftSaveInput): DraftChange {
  const check = checkInput();
  const draft = readDraft(check, input);
  const isNew = draft === null;
  // A client that makes a draft may send null for what it leaves out.
  const optional = <T>(value: T | null | undefined) => (isNew ? (value ?? undefined) : value);
  const change: DraftChange = {
    draft,
    buyerId: check.clearable(optional(input.buyerId), (id) => parseGlobalId('User', id)),
    organizationId: check.clearable(optional(input.organizationId), (id) => parseGlobalId('Organization', id)),
    currency: check.required(optional(input.currency), ['input', 'currency'], (currency) => currency),
    lines: readLines(check, input),
    shippingAddress: check.clearable(optional(input.shippingAddress), (address) =>
      readPostalAddress(check, address, ['input', 'shippingAddress']),
    ),
    billingAddress: check.clearable(optional(input.billingAddress), (address) =>
      readPostalAddress(check, address, ['input', 'billingAddress']),
    ),
    discountCodes: readCodes(check, input.discountCodes),
    customerNote: check.clearable(optional(input.customerNote), (text) =>
      readNote(check, text, ['input', 'customerNote']),
    ),
    externalReference: check.clearable(optional(input.externalReference), (text) =>
      readReference(check, text, ['input', 'externalReference']),
    ),
  };
  check.refuseIfAny();
  return change;
}

function readDraft(check: InputCheck, { id, expectedVersion }: OrderDraftSaveInput): DraftChange['draft'] {
  if (id === null || id === undefined) return null;
  if (expectedVersion === null || expectedVersion === undefined)
    check.add(invalidInput('Required together with "id".', ['input', 'expectedVersion']));
  return { id: parseGlobalId('Order', id), expectedVersion: expectedVersion ?? 0 };
}

function readLines(check: InputCheck, { lines }: OrderDraftSaveInput): WantedLine[] {
  if (lines.length > MAX_LINES) check.add(invalidInput(`An order has ${MAX_LINES} lines at most.`, ['input', 'lines']));
  return lines.map(({ variantId, quantity }, index) => ({
    variantId: parseGlobalId('ProductVariant', variantId),
    quantity: readQuantity(check, quantity, ['input', 'lines', String(index), 'quantity']),
  }));
}

function readCodes(check: InputCheck, entered: readonly string[] | null | undefined): readonly string[] | undefined {
  if (!entered) return entered === null ? [] : undefined;
  const field = ['input', 'discountCodes'];
  if (entered.length > MAX_DISCOUNT_CODES)
    check.add(invalidInput(`An order has ${MAX_DISCOUNT_CODES} codes at most.`, field));
  const codes = entered.map(normalizeCode);
  for (const [index, code] of codes.entries()) {
    if (codes.indexOf(code) < index)
      check.add(invalidInput('This code is in the list twice.', [...field, String(index)]));
    check.text(code, [...field, String(index)], { max: 40 });
  }
  return codes;
}
