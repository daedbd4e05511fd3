import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test, vi } from 'vitest';

import { ensureServerAccount } from '@tributary/app/postgres/account';
import { binary, findInstalledBinaries, majorVersion } from '@tributary/app/postgres/binaries';
import { makeBinariesReachable } from '@tributary/app/postgres/reachable-binaries';
import { runCommand } from '@tributary/app/postgres/run-command';
import { SHARED_ROOT } from '@tributary/app/postgres/shared-root';
import { personas } from '@tributary/app/seed/index';

import { newDataDir } from '../../integration/app/data-dir.ts';
import { readComposeFile, ROOT } from '../../unit/containers/compose-file.ts';
import { containerSettings } from '../../unit/containers/container-settings.ts';
import { askAs } from './ask-as.ts';
import { paid, paymentOf, placeOrder, placeOrderToConfirm, SOON } from './buy.ts';
import { startContainerStack } from './container-stack.ts';

vi.setConfig({ testTimeout: 120_000 }); // whole processes, of which a busy machine runs several at once

test('the commands of the containers bring the demo up, in which an order is paid, and their health checks tell up from down', async () => {
  await using stack = await startContainerStack({
    root: ROOT,
    dataDir: await newDataDir(),
    compileCache: join(ROOT, 'node_modules/.cache/tributary'),
  });
  const lasting = ['users', 'orders', 'billing', 'demo-payment-provider', 'demo-gateway'];
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

  const byItself = await placeOrder(ask);
  await expect.poll(() => paymentOf(ask, byItself), SOON).toMatchObject(paid);

  // The page where its payer confirms can be reached from here, and its provider reaches billing.
  const { id, actionUrl } = await placeOrderToConfirm(ask);
  expect((await fetch(`${actionUrl}/confirm`, { method: 'POST' })).status).toBe(200);
  await expect.poll(() => paymentOf(ask, id), SOON).toMatchObject(paid);

  for (const name of lasting.reverse()) {
    expect([name, await stack.health(name)]).toEqual([name, 0]);
    expect([name, await stack.stop(name)]).toEqual([name, 0]);
    expect([name, await stack.health(name)]).toEqual([name, 1]);
  }
});

test('the database can be made with the arguments that its container is given', async () => {
  const { services } = readComposeFile(await containerSettings('demo'));
  const { POSTGRES_INITDB_ARGS: args } = services.postgres!.environment;
  const account = process.getuid?.() === 0 ? await ensureServerAccount() : undefined;
  const binaries = await makeBinariesReachable(await findInstalledBinaries(), account, SHARED_ROOT);
  const directory = await mkdtemp(join(tmpdir(), 'tributary-initdb-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  if (account) await chown(directory, account.uid, account.gid);
  const cluster = join(directory, 'cluster');
  const command = binary(binaries, 'initdb');
  const made = await runCommand(command, [`--pgdata=${cluster}`, '--no-sync', ...args!.split(' ')], account);
  expect(made).toMatchObject({ ok: true });
  expect(services.postgres!.image).toMatch(new RegExp(`^postgres:${majorVersion(binaries)}\\.`)); // tried with the same version
});
