import { ConfigError } from '@tributary/kit/config';

import { readDatabaseConfig } from '../config.ts';
import { encryptStoredTokens } from '../encrypt-stored-tokens.ts';
import { failureMessage } from '../failure-message.ts';
import { findRunningPostgres } from '../postgres/index.ts';
import { loadFieldKeys } from '../secrets/secrets.ts';

// Puts what is stored encrypted under the first key of FIELD_ENCRYPTION_KEYS, beside the running system; afterwards the others are not
// needed anymore. Breaking off and repeating it is safe. Usage: npm run rotate-keys

try {
  const config = readDatabaseConfig();
  const adminUrl = config.databaseUrl ?? (await findRunningPostgres(config))?.adminUrl;
  if (adminUrl === undefined)
    throw new ConfigError([`No database runs on ${config.dataDir}: start Tributary, or name one by DATABASE_URL.`]);
  const keys = await loadFieldKeys(config);
  const { encrypted, unreadable } = await encryptStoredTokens(adminUrl, keys, 'old');
  process.stdout.write(
    `${encrypted} ${encrypted === 1 ? 'token was' : 'tokens were'} put under the key "${keys[0]!.id}".\n`,
  );
  if (unreadable.length > 0)
    throw new ConfigError([
      `${unreadable.length} of the stored tokens cannot be read with FIELD_ENCRYPTION_KEYS and stay as they are. Keep every key, and look for the one that is missing.`,
      `The first of these payment methods: ${unreadable.slice(0, 10).join(', ')}`,
    ]);
} catch (error) {
  process.stderr.write(`${failureMessage(error)}\n`);
  process.exitCode = 1;
}
