import { createHmac, timingSafeEqual } from 'node:crypto';

import { MINUTE, SECOND } from '@tributary/kit/clock';

// A signed webhook carries `payment-signature: t=<seconds since 1970>,v1=<HMAC-SHA256 in hex>`, over the time, a dot and the body as it
// is. The time is part of it so that a delivery that was listened in on cannot be sent again later.

export const SIGNATURE_HEADER = 'payment-signature';

const TOLERANCE_MS = 5 * MINUTE;
const MAX_SIGNATURES = 5;

/** The value of the signature header. */
export function signWebhook({ body, secret, now }: { body: string | Buffer; secret: string; now: Date }): string {
  const seconds = String(Math.floor(now.getTime() / SECOND));
  return `t=${seconds},v1=${hmac(secret, seconds, body).toString('hex')}`;
}

export interface ReceivedWebhook {
  /** As it arrived, byte for byte. */
  body: Buffer;
  /** The signature header; undefined when there was none. */
  signature: string | undefined;
  /** Any of them may have signed it: while a secret is being replaced, the old and the new one. */
  secrets: readonly string[];
  now: Date;
}

/** Whether somebody who knows a secret signed this body, within the last five minutes. Takes as long for a near miss as for nonsense. */
export function verifyWebhook({ body, signature, secrets, now }: ReceivedWebhook): boolean {
  const parts = (signature ?? '').split(',').map((part) => part.trim());
  const [, seconds] = /^t=(\d{1,12})$/.exec(parts[0] ?? '') ?? [];
  const given = parts.slice(1).flatMap((part) => /^v1=([0-9a-f]{64})$/.exec(part)?.[1] ?? []);
  if (seconds === undefined || given.length > MAX_SIGNATURES) return false;
  if (Math.abs(now.getTime() - Number(seconds) * SECOND) > TOLERANCE_MS) return false;
  const expected = secrets.map((secret) => hmac(secret, seconds, body));
  return given.some((each) => expected.some((digest) => timingSafeEqual(digest, Buffer.from(each, 'hex'))));
}

const hmac = (secret: string, seconds: string, body: string | Buffer): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
