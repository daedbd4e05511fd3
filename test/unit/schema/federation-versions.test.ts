import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { contractDirectory } from '@tributary/schema/files';
import { expect, test } from 'vitest';

const federationPackages = [
  '@apollo/composition',
  '@apollo/federation-internals',
  '@apollo/gateway',
  '@apollo/query-graphs',
  '@apollo/query-planner',
  '@apollo/subgraph',
];

// Schema elements are compared by identity: with two copies of federation-internals planning fails in obscure ways.
test.each(federationPackages)('%s is installed exactly once, at the version of its siblings', (name) => {
  const { packages } = JSON.parse(readFileSync(join(contractDirectory, '..', 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  const installed = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
  expect(installed.map(([path, { version }]) => ({ path, version }))).toEqual([
    { path: `node_modules/${name}`, version: '2.14.4' },
  ]);
});
