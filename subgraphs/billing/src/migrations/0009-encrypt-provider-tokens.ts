import type { Migration } from '@tributary/kit/database/migrate';

export const encryptProviderTokens: Migration = {
  name: '0009-encrypt-provider-tokens',
  sql: `
-- Renamed, so that a process of the version before fails to read tokens, and leaves payments to be sent, instead of finding none. The keys
-- are not known here: whoever runs the migrations encrypts afterwards what is left in this column.
ALTER TABLE billing.payment_methods RENAME COLUMN provider_token TO provider_token_plain;
ALTER TABLE billing.payment_methods
  ALTER COLUMN provider_token_plain DROP NOT NULL,
  ADD COLUMN provider_token_enc text,
  ADD CONSTRAINT payment_methods_token_check CHECK (num_nonnulls(provider_token_plain, provider_token_enc) = 1),
  ADD CONSTRAINT payment_methods_token_enc_check CHECK
    (provider_token_enc ~ '^v1[.][a-z0-9][a-z0-9_-]{0,31}[.][A-Za-z0-9_-]{16}[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]{22}$');
-- What is not encrypted: asked at every start, and empty but for the first.
CREATE INDEX payment_methods_plain ON billing.payment_methods (id) WHERE provider_token_plain IS NOT NULL;

COMMENT ON COLUMN billing.payment_methods.provider_token_enc IS
  'the provider''s name for the method: v1.<id of the key>.<nonce>.<ciphertext>.<tag>';
COMMENT ON COLUMN billing.payment_methods.provider_token_plain IS 'the same, not encrypted yet';
`,
};
