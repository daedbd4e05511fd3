import { createHmac, timingSafeEqual } from 'node:crypto';

import { invariant, MINUTE, SECOND, toGlobalId, tryParseGlobalId } from '@tributary/kit';

// Links to the PDF of an invoice. A link carries its own right: who holds it may read that one document until it expires, without a
// token, so that a browser can open it. Making and checking one needs no database.

export interface InvoicePdfLinks {
  /** A link that works from now on for ten minutes. */
  urlOf(invoiceId: string, now: Date): string;
  /** The invoice a link names, or null when the link was changed, made up, or has expired. */
  read(link: InvoicePdfLink, now: Date): string | null;
}

/** The parts of a link's URL, as they arrived. */
export interface InvoicePdfLink {
  /** Global id of the invoice. */
  id: string;
  expires: string;
  signature: string;
}

export const PDF_LINK_LIFETIME_MS = 10 * MINUTE;
const MIN_KEY_BYTES = 32;

/** `publicBaseUrl`: where clients reach the routes. `key`: at least 32 random bytes, the same on every replica. */
export function createInvoicePdfLinks({
  publicBaseUrl,
  key,
}: {
  publicBaseUrl: string;
  key: Uint8Array;
}): InvoicePdfLinks {
  invariant(key.length >= MIN_KEY_BYTES, `The key of signed links must have at least ${MIN_KEY_BYTES} bytes.`);
  const base = publicBaseUrl.replace(/\/+$/, '');
  const sign = (id: string, expires: string) =>
    createHmac('sha256', key).update(`invoice-pdf\0${id}\0${expires}`).digest('base64url');
  return {
    urlOf(invoiceId, now) {
      const id = toGlobalId('Invoice', invoiceId);
      const expires = String(Math.floor((now.getTime() + PDF_LINK_LIFETIME_MS) / SECOND));
      return `${base}/invoices/${id}.pdf?expires=${expires}&signature=${sign(id, expires)}`;
    },
    read({ id, expires, signature }, now) {
      // Compared as text: a decoder would skip characters that are not base64url.
      const [expected, given] = [Buffer.from(sign(id, expires)), Buffer.from(signature)];
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      // Signed by us, so the number is ours too.
      if (Number(expires) * SECOND <= now.getTime()) return null;
      const parsed = tryParseGlobalId(id);
      return parsed?.type === 'Invoice' ? parsed.uuid : null;
    },
  };
}
