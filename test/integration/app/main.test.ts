import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, onTestFinished, test, vi } from 'vitest';

import { bootstrapDatabase } from '@tributary/app/bootstrap/index';
import { startEmbeddedPostgres } from '@tributary/app/postgres/index';
import { createLogger } from '@tributary/kit/logger';

import { expectNoServerAt, holdUp } from './admin-client.ts';
import { adminUrlOf, lineOf, plainLines, startApp } from './app-process.ts';
import { newDataDir, snapshot } from './data-dir.ts';

vi.setConfig({ testTimeout: 120_000 }); // whole processes, of which a busy machine runs several at once

const READY = /^Tributary is ready: GraphQL (http:\/\/127\.0\.0\.1:\d+)\/graphql/;
const KEY = Buffer.alloc(32, 7).toString('base64url');

const fromTheFuture = { name: '9999-from-the-future', sql: 'SELECT 1' };

const urlOf = (readyLine: string) => READY.exec(readyLine)![1]!;

const postJson = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('from nothing to an answer across three subgraphs, and back to nothing on SIGTERM', async () => {
  const dataDir = await newDataDir();
  const app = startApp({ DATA_DIR: dataDir, PORT: '0' });
  const url = urlOf(await lineOf(app, READY));
  const adminUrl = await adminUrlOf(app, dataDir);

  const { access_token: token } = (await (await postJson(`${url}/dev/token`, { persona: 'customer' })).json()) as {
    access_token: string;
  };
  const query = '{ me { displayName orders(first: 1) { nodes { status invoice { status } } } } }';
  const answer = await postJson(`${url}/graphql`, { query }, { authorization: `Bearer ${token}` });
  expect(await answer.json()).toEqual({
    data: {
      me: {
        displayName: 'Mara Lindner',
        orders: {
          nodes: [{ status: expect.any(String) as string, invoice: { status: expect.any(String) as string } }],
        },
      },
    },
  });
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });

  // A second start on the same directory, with the same settings: told, and nothing touched.
  const inUse = async () =>
    Object.fromEntries(
      Object.entries(await snapshot(dataDir)).filter(([path]) => !path.startsWith('postgres/cluster')),
    );
  const before = await inUse();
  const second = startApp({ DATA_DIR: dataDir, PORT: new URL(url).port });
  expect(await second.exited).toBe(1);
  expect(second.stderr).toEqual([
    `DATA_DIR ${dataDir} is in use by process ${app.child.pid}. Stop that process or set DATA_DIR to another directory.`,
  ]);
  expect(await inUse()).toEqual(before);

  app.child.kill('SIGTERM');
  expect(await app.exited).toBe(0);
  await expectNoServerAt(adminUrl);
  expect(plainLines(app)).toEqual([
    `Tributary is ready: GraphQL ${url}/graphql, explorer ${url}/, personas ${url}/dev/personas`,
  ]);
});

test('what is in flight when the process is told to stop is answered, what comes later is not', async () => {
  const dataDir = await newDataDir();
  const app = startApp({ DATA_DIR: dataDir, PORT: '0', SEED: 'none' });
  const url = urlOf(await lineOf(app, READY));
  const adminUrl = await adminUrlOf(app, dataDir);
  let answer: Promise<unknown> | undefined;
  const goOn = await holdUp(
    adminUrl,
    () =>
      (answer = postJson(`${url}/graphql`, { query: '{ products(first: 1) { nodes { id } } }' }).then((response) =>
        response.json(),
      )),
  );

  process.kill(-app.child.pid!, 'SIGINT'); // Ctrl-C: the whole process group
  process.kill(-app.child.pid!, 'SIGTERM'); // and once more, in vain
  await refusal(url);
  await goOn();
  expect(await answer).toEqual({ data: { products: { nodes: [] } } });
  expect(await app.exited).toBe(0);
  await expectNoServerAt(adminUrl);
});

test('a start that is told to stop half-way leaves nothing running', async () => {
  const dataDir = await newDataDir();
  const app = startApp({ DATA_DIR: dataDir, PORT: '0' });
  const adminUrl = await adminUrlOf(app, dataDir);
  app.child.kill('SIGTERM');
  expect(await app.exited).toBe(0);
  expect(plainLines(app)).toEqual([]);
  await expectNoServerAt(adminUrl);
});

test('a used port is told in one line before anything is made', async () => {
  const dataDir = await newDataDir();
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  onTestFinished(() => void occupant.close());
  const { port } = occupant.address() as AddressInfo;

  const app = startApp({ DATA_DIR: dataDir, PORT: String(port) });
  expect(await app.exited).toBe(1);
  expect(app.stderr).toEqual([
    `Port ${port} of 127.0.0.1 is in use by another process: stop it, or choose another port with PORT, as in "PORT=${port + 1} npm start".`,
  ]);
  expect(app.stdout).toEqual([]);
  await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a start that fails late says why and stops the database it had started', async () => {
  const dataDir = await newDataDir();
  const logger = createLogger({ level: 'silent', name: 'test' });
  const earlier = await startEmbeddedPostgres({ dataDir, logger });
  const plan = { name: 'billing', password: 'billing-password', migrations: [fromTheFuture] };
  await bootstrapDatabase({ adminUrl: earlier.adminUrl, subgraphs: [plan], logger });
  await earlier.stop();

  const second = startApp({ DATA_DIR: dataDir, PORT: '0', SEED: 'none' });
  const adminUrl = await adminUrlOf(second, dataDir);
  expect(await second.exited).toBe(1);
  expect(second.stderr).toEqual([
    'Schema "billing" was migrated by a newer version (9999-from-the-future). Start that version or restore a backup.',
  ]);
  await expectNoServerAt(adminUrl);
});

test('wrong settings stop the start with one message and without a trace', async () => {
  const dataDir = await newDataDir();
  const app = startApp({ DATA_DIR: dataDir, NODE_ENV: 'production', SEED: 'big', CURSOR_KEY: 'hunter2' });
  expect(await app.exited).toBe(1);
  expect(app.stdout).toEqual([]);
  expect(app.stderr).toEqual([
    'The settings are not usable:',
    expect.stringContaining('PUBLIC_BASE_URL') as string,
    expect.stringContaining('OIDC_ISSUER') as string,
    expect.stringContaining('SEED') as string,
    expect.stringContaining('CURSOR_KEY') as string,
    expect.stringContaining('LINK_KEY') as string,
    expect.stringContaining('FIELD_ENCRYPTION_KEYS') as string,
  ]);
  expect(app.stderr.join()).not.toContain('hunter2');
  await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('in production there is no development issuer, and its key is not even made', async () => {
  const dataDir = await newDataDir();
  const app = startApp({
    DATA_DIR: dataDir,
    PORT: '0',
    NODE_ENV: 'production',
    OIDC_ISSUER: 'https://id.example.com',
    PUBLIC_BASE_URL: 'https://shop.example.com',
    CURSOR_KEY: KEY,
    LINK_KEY: KEY,
    FIELD_ENCRYPTION_KEYS: `k1:${KEY}`,
  });
  const url = urlOf(await lineOf(app, READY));
  expect(plainLines(app)).toEqual([`Tributary is ready: GraphQL ${url}/graphql`]);
  for (const path of ['/dev/personas', '/dev/jwks.json']) expect((await fetch(url + path)).status).toBe(404);
  expect((await postJson(`${url}/dev/token`, { persona: 'admin' })).status).toBe(404);
  await expect(stat(join(dataDir, 'secrets', 'development-issuer-key'))).rejects.toMatchObject({ code: 'ENOENT' });
  app.child.kill('SIGTERM');
  expect(await app.exited).toBe(0);
});

test('a killed process is forgotten by the next start, which keeps its keys', async () => {
  const dataDir = await newDataDir();
  const first = startApp({ DATA_DIR: dataDir, PORT: '0', SEED: 'none' });
  const firstUrl = urlOf(await lineOf(first, READY));
  const keys = await (await fetch(`${firstUrl}/dev/jwks.json`)).text();
  first.child.kill('SIGKILL');
  expect(await first.exited).toBeNull();

  const second = startApp({ DATA_DIR: dataDir, PORT: '0', SEED: 'none' });
  const url = urlOf(await lineOf(second, READY));
  expect(await (await fetch(`${url}/dev/jwks.json`)).text()).toBe(keys);
  expect(second.stdout.some((line) => line.includes('left running'))).toBe(true);
  second.child.kill('SIGTERM');
  expect(await second.exited).toBe(0);
});

/** Waits until nobody listens at a URL any more. */
async function refusal(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(`${url}/livez`, { headers: { connection: 'close' } });
    } catch {
      return;
    }
    await sleep(20);
  }
}
