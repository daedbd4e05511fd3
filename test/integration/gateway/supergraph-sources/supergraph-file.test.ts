import { writeFileSync } from 'node:fs';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { supergraphFile, SupergraphUnreadable } from '@tributary/gateway';

import { makeFolder } from '../stand-alone/gateway-process.ts';
import { listenTo } from './listening.ts';

const SOON = { timeout: 10_000, interval: 10 };
const NEVER_MS = 3_600_000;
const OFTEN_MS = 20;
/** Long enough for many looks, and for the events of a folder. */
const WHILE_MS = 300;

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.next`, text);
  await rename(`${path}.next`, path);
}

test.each([
  ['renamed over it', (path: string) => replaceFile(path, 'two')],
  ['written to it', async (path: string) => writeFileSync(path, 'two')], // at once, so that it is never seen empty
])('a text that is %s is told without waiting for the next look', async (_, replace) => {
  await using folder = await makeFolder();
  const path = await folder.write('supergraph.graphql', 'one');
  await using heard = await listenTo(supergraphFile({ path, pollIntervalMs: NEVER_MS }));
  expect(heard.sdl).toBe('one');
  await replace(path);
  await expect.poll(() => heard.changed, SOON).toEqual(['two']);
});

test('what the folder does not tell of is found by looking', async () => {
  await using folder = await makeFolder();
  await using elsewhere = await makeFolder();
  const target = await elsewhere.write('supergraph.graphql', 'one');
  await symlink(target, folder.path('link.graphql'));
  await using heard = await listenTo(supergraphFile({ path: folder.path('link.graphql'), pollIntervalMs: OFTEN_MS }));
  await writeFile(target, 'two');
  await expect.poll(() => heard.changed.at(-1), SOON).toBe('two');
});

test('the same text is told once, however often it is written', async () => {
  await using folder = await makeFolder();
  const path = await folder.write('supergraph.graphql', 'one');
  await using heard = await listenTo(supergraphFile({ path, pollIntervalMs: OFTEN_MS }));
  for (const text of ['one', 'two', 'two']) {
    await replaceFile(path, text);
    await sleep(WHILE_MS);
  }
  expect(heard.changed).toEqual(['two']);
});

test('a file that is gone is told, and its next text when it is back', async () => {
  await using folder = await makeFolder();
  const path = await folder.write('supergraph.graphql', 'one');
  await using heard = await listenTo(supergraphFile({ path, pollIntervalMs: NEVER_MS }));
  await rm(path);
  const gone = `SupergraphUnreadable: The supergraph ${path} cannot be read: ENOENT.`;
  await expect.poll(() => [...heard.failed], SOON).toEqual([gone]);
  expect(heard.changed).toEqual([]);
  await replaceFile(path, 'two');
  await expect.poll(() => heard.changed, SOON).toEqual(['two']);
});

test('a file that is not there cannot be opened', async () => {
  await using folder = await makeFolder();
  const path = folder.path('supergraph.graphql');
  await expect(listenTo(supergraphFile({ path, pollIntervalMs: OFTEN_MS }))).rejects.toThrow(
    new SupergraphUnreadable(`The supergraph ${path} cannot be read: ENOENT.`),
  );
});

test('once it is stopped nothing is told any more', async () => {
  await using folder = await makeFolder();
  const path = await folder.write('supergraph.graphql', 'one');
  await using heard = await listenTo(supergraphFile({ path, pollIntervalMs: OFTEN_MS }));
  await heard.stop();
  await heard.stop();
  await writeFile(path, 'two');
  await sleep(WHILE_MS);
  await rm(path);
  await sleep(WHILE_MS);
  expect(heard.changed).toEqual([]);
  expect([...heard.failed]).toEqual([]);
});
