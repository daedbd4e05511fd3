import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { personas } from '@tributary/app/seed/index';

import { newDataDir } from '../../integration/app/data-dir.ts';
import { ROOT } from '../../unit/containers/compose-file.ts';
import { askAs } from './ask-as.ts';
import { startContainerStack } from './container-stack.ts';

vi.setConfig({ testTimeout: 120_000 }); // whole processes, of which a busy machine runs several at once

test('the commands of the containers bring the demo up, and their health checks tell up from down', async () => {
  await using stack = await startContainerStack({
    root: ROOT,
    dataDir: await newDataDir(),
    compileCache: join(ROOT, 'node_modules/.cache/tributary'),
  });
  const lasting = ['users', 'orders', 'billing', 'demo-gateway'];
  expect(stack.healthBefore).toEqual(Object.fromEntries(lasting.map((name) => [name, 1])));

  const ask = await askAs(stack.url, 'customer');
  const page = '{ me { displayName orders(first: 1) { nodes { invoice { status } } } } }';
  expect(await ask(page)).toEqual({
    data: {
      me: {
        displayName: personas.customer.displayName,
        orders: { nodes: [{ invoice: { status: expect.any(String) as string } }] },
      },
    },
  });

  for (const name of lasting.reverse()) {
    expect([name, await stack.health(name)]).toEqual([name, 0]);
    expect([name, await stack.stop(name)]).toEqual([name, 0]);
    expect([name, await stack.health(name)]).toEqual([name, 1]);
  }
});
