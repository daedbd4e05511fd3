import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

import { exportJWK, generateKeyPair } from 'jose';

import { newFieldKey } from '@tributary/kit/field-encryption';

import { DEVELOPMENT_ISSUER } from '../seed/personas.ts';

// Writes the settings that docker-compose.yml asks for, with newly made secrets, to a file that only its owner may read.
// An existing file is left alone: its passwords are those of a database. Usage: npm run container-settings -- demo|production [file]

const PROFILES = ['demo', 'production'];

const [profile, file = '.env', ...rest] = process.argv.slice(2);
if (!profile || !PROFILES.includes(profile) || rest.length > 0) {
  process.stderr.write(`Usage: npm run container-settings -- ${PROFILES.join('|')} [file]\n`);
  process.exit(1);
}
try {
  await writeFile(file, await settingsText(profile), { flag: 'wx', mode: 0o600 });
  process.stdout.write(`${file} holds the settings now. Keep it: the database opens with its passwords only.\n`);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(code === 'EEXIST' ? `${file} exists already and was not changed.\n` : `${message}\n`);
  process.exitCode = 1;
}

async function settingsText(kind: string): Promise<string> {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const internal = await makeKeys();
  const issuer = await makeKeys();
  const lines = [
    `COMPOSE_PROFILES=${kind}`,
    `POSTGRES_PASSWORD=${random(24)}`,
    `USERS_DATABASE_PASSWORD=${random(24)}`,
    `ORDERS_DATABASE_PASSWORD=${random(24)}`,
    `BILLING_DATABASE_PASSWORD=${random(24)}`,
    `EVENTS_DATABASE_PASSWORD=${random(24)}`,
    `CURSOR_KEY=${random(32)}`,
    `LINK_KEY=${random(32)}`,
    `FIELD_ENCRYPTION_KEYS=${newFieldKey('k1')}`,
    `INTERNAL_TOKEN_PRIVATE_KEY='${internal.privateKey}'`,
    `INTERNAL_TOKEN_PUBLIC_KEY='${internal.publicKey}'`,
    ...(kind === 'demo'
      ? [
          `DEVELOPMENT_ISSUER_KEY='${issuer.privateKey}'`,
          `OIDC_ISSUER=${DEVELOPMENT_ISSUER}`,
          'PUBLIC_BASE_URL=http://127.0.0.1:4000',
          `PROVIDER_DATABASE_PASSWORD=${random(24)}`,
          'PAYMENT_PROVIDER_URL=http://demo-payment-provider:4004',
          `PAYMENT_PROVIDER_KEY=${random(32)}`,
          `PAYMENT_WEBHOOK_SECRET=${random(32)}`,
        ]
      : [
          '# Fill in: whose access tokens are accepted (https), and where clients reach the gateway.',
          'OIDC_ISSUER=',
          'PUBLIC_BASE_URL=',
          '# The payment provider, which delivers to /webhooks/payments below PUBLIC_BASE_URL; left empty, payments wait.',
          'PAYMENT_PROVIDER_URL=',
          'PAYMENT_PROVIDER_NAME=',
          'PAYMENT_PROVIDER_KEY=',
          'PAYMENT_WEBHOOK_SECRET=',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

async function makeKeys(): Promise<{ privateKey: string; publicKey: string }> {
  const keys = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return {
    privateKey: JSON.stringify(await exportJWK(keys.privateKey)),
    publicKey: JSON.stringify(await exportJWK(keys.publicKey)),
  };
}
