import { encryptToken } from '@tributary/billing/payment-method/stored-token';
import { createFieldCipher, parseFieldKeys } from '@tributary/kit/field-encryption';

/** What the test databases hold encrypted is under this key. */
export const FIELD_KEYS = parseFieldKeys(`test:${Buffer.alloc(32, 9).toString('base64url')}`);

export const fieldCipher = createFieldCipher(FIELD_KEYS);

/** What stands in the column `provider_token_enc` of a method with this token. */
export const storedToken = (methodId: string, token: string): string => encryptToken(fieldCipher, methodId, token);
