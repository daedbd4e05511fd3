import type { FieldCipher } from '@tributary/kit';

// The provider's name for a saved method, as it stands in the table: encrypted under the id of the method, so that it charges nobody else
// when somebody moves it to another row. Plain ones are of a time before, or set by hand in development; starting encrypts them.

export interface StoredToken {
  methodId: string;
  /** One of the two is null. */
  plain: string | null;
  encrypted: string | null;
}

export function encryptToken(cipher: FieldCipher, methodId: string, token: string): string {
  return cipher.encrypt(token, contextOf(methodId));
}

/** Throws `UnreadableField`. */
export function readToken(cipher: FieldCipher, { methodId, plain, encrypted }: StoredToken): string {
  return plain ?? cipher.decrypt(encrypted!, contextOf(methodId));
}

const contextOf = (methodId: string) => `billing.payment_methods.provider_token_enc/${methodId}`;
