import type { WireCharge } from '@tributary/billing/provider/wire';
import { toDecimal } from '@tributary/kit/money';

// What a bank shows a payer. Plain HTML without scripts; addresses are relative, so that it works wherever it is mounted.

/** Nothing is loaded, nothing runs, nobody frames it. */
export const ACTION_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const TEXTS: Readonly<Record<WireCharge['state'], string>> = {
  requiresAction: 'Do you confirm this payment?',
  captured: 'The payment is confirmed. You can close this page.',
  authorized: 'The payment is confirmed. You can close this page.',
  processing: 'The payment is being processed.',
  released: 'The payment was canceled by the shop.',
  failed: 'The payment was declined. You can close this page.',
};

export function actionPage({ reference, state, amountMinor, currency }: WireCharge): string {
  const button = (decision: string, label: string) =>
    `<button formmethod="post" formaction="${reference}/${decision}">${label}</button>`;
  const buttons = `<form>${button('confirm', 'Confirm')} ${button('decline', 'Decline')}</form>`;
  return page(
    `<p>${toDecimal({ amountMinor: BigInt(amountMinor), currency })} ${currency}</p><p>${TEXTS[state]}</p>${state === 'requiresAction' ? buttons : ''}`,
  );
}

export const missingPage = page('<p>There is no such payment.</p>');

function page(content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Development bank</title><style>body{font:16px system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
</head><body><h1>Development bank</h1>${content}<p><small>No money moves here.</small></p></body></html>`;
}
