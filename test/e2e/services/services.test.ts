import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test, vi } from 'vitest';

import { findProcess } from '@tributary/app/postgres/process-identity';
import { personas } from '@tributary/app/seed/index';

import { expectNoServerAt, holdUp } from '../../integration/app/admin-client.ts';
import { adminUrlOf, lineOf, plainLines } from '../../integration/app/app-process.ts';
import { newDataDir } from '../../integration/app/data-dir.ts';
import { askAs } from './ask-as.ts';
import { serviceOf, startServicesProcess } from './services-process.ts';

// The services mode as an operator meets it: every part a process of its own, which may be killed.

vi.setConfig({ testTimeout: 120_000 }); // whole processes, of which a busy machine runs several at once

const READY = /^Tributary is ready: GraphQL (http:\/\/127\.0\.0\.1:\d+)\/graphql/;
const PROCESSES = ['users', 'orders', 'billing', 'gateway'];
const PAGE = '{ me { displayName orders(first: 1) { nodes { number invoice { number pdfUrl } } } } }';

interface Page {
  me: {
    displayName: string;
    orders: { nodes: { number: string; invoice: { number: string; pdfUrl: string } | null }[] };
  };
}

const isRunning = async (pid: number) => (await findProcess(pid)) !== null;

test('one query crosses four processes, a killed one costs its fields and comes back, and what is in flight at the end is answered', async () => {
  const dataDir = await newDataDir();
  const app = startServicesProcess({ DATA_DIR: dataDir });
  const [, url] = READY.exec(await lineOf(app, READY))!;
  const adminUrl = await adminUrlOf(app, dataDir);
  const ask = await askAs(url!, 'customer');

  const whole = await ask(PAGE);
  expect(whole.errors).toBeUndefined();
  const { me } = whole.data as Page;
  expect(me.displayName).toBe(personas.customer.displayName);
  const pdf = await fetch(me.orders.nodes[0]!.invoice!.pdfUrl);
  expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  expect((await fetch(`${url}/dev/personas`)).status).toBe(200);

  const second = startServicesProcess({ DATA_DIR: dataDir });
  expect(await second.exited).toBe(1);
  expect(second.stderr).toEqual([
    `DATA_DIR ${dataDir} is in use by process ${app.child.pid}. Stop that process or set DATA_DIR to another directory.`,
  ]);

  const billing = await serviceOf(app, 'billing');
  app.child.kill('SIGSTOP'); // else it may be back before it is missed
  process.kill(billing.pid, 'SIGKILL');
  await expect.poll(() => isRunning(billing.pid)).toBe(false);
  const partial = await ask(PAGE);
  expect((partial.data as Page).me.orders.nodes).toEqual([{ number: me.orders.nodes[0]!.number, invoice: null }]);
  expect(partial.errors?.map(({ path, extensions }) => [path.join('.'), extensions.code])).toEqual([
    ['me.orders.nodes.0.invoice', 'SUBGRAPH_UNAVAILABLE'],
  ]);
  app.child.kill('SIGCONT');
  expect((await serviceOf(app, 'billing', 2)).url).toBe(billing.url);
  expect((await ask(PAGE)).errors).toBeUndefined();

  // Told to stop as by Ctrl-C: the gateway drains before the subgraphs that it asks go away.
  let answer: Promise<unknown> | undefined;
  const goOn = await holdUp(adminUrl, () => (answer = ask('{ products(first: 1) { nodes { id } } }')));

  process.kill(-app.child.pid!, 'SIGTERM');
  await expect
    .poll(() =>
      fetch(`${url}/livez`, { headers: { connection: 'close' } }).then(
        () => true,
        () => false,
      ),
    )
    .toBe(false);
  await goOn();
  expect(await answer).toEqual({
    data: { products: { nodes: [{ id: expect.any(String) as string }] } },
  });
  expect(await app.exited).toBe(0);
  await expectNoServerAt(adminUrl);
  expect(plainLines(app)).toEqual([
    `Tributary is ready: GraphQL ${url}/graphql, explorer ${url}/, personas ${url}/dev/personas`,
  ]);
});

test('a supervisor that is killed leaves nothing running, the database included', async () => {
  const dataDir = await newDataDir();
  const app = startServicesProcess({ DATA_DIR: dataDir, SEED: 'none' });
  await lineOf(app, READY);
  const adminUrl = await adminUrlOf(app, dataDir);
  const services = await Promise.all(PROCESSES.map((name) => serviceOf(app, name)));

  app.child.kill('SIGKILL');
  expect(await app.exited).toBeNull(); // only when every process has closed its output
  // A process closes its output a moment before it is gone.
  const left = () => Promise.all(services.map(({ pid }) => isRunning(pid)));
  await expect.poll(left).toEqual(PROCESSES.map(() => false));
  await expectNoServerAt(adminUrl);
});

test('a used port is told in one line, with the setting that moves it, before anything is made', async () => {
  const dataDir = await newDataDir();
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  onTestFinished(() => void occupant.close());
  const { port } = occupant.address() as AddressInfo;
  const app = startServicesProcess({ DATA_DIR: dataDir, ORDERS_PORT: String(port) });
  expect(await app.exited).toBe(1);
  expect(app.stderr).toEqual([
    `Port ${port} of 127.0.0.1 is in use by another process: stop it, or choose another port with ORDERS_PORT, as in "ORDERS_PORT=${port + 1} npm run start:services".`,
  ]);
  await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
});
