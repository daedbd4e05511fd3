import { expect, test } from 'vitest';

import { readOrdersConfig } from '@tributary/orders/config';

test('the subgraph listens on 4002 of this machine unless told otherwise', () => {
  const publicKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const environment = {
    DATABASE_URL: 'postgres://orders_app:secret@127.0.0.1/tributary',
    EVENTS_URL: 'postgres://events_app:secret@127.0.0.1/tributary',
    CURSOR_KEY: Buffer.alloc(32, 7).toString('base64url'),
    INTERNAL_TOKEN_PUBLIC_KEY: JSON.stringify(publicKey),
  };
  expect(readOrdersConfig(environment)).toMatchObject({ host: '127.0.0.1', port: 4002 });
});
