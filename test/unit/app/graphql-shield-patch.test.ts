import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const builds = {
  esm: dirname(fileURLToPath(import.meta.resolve('graphql-shield'))),
  cjs: dirname(require.resolve('graphql-shield')),
};

test('both builds of graphql-shield are patched', async () => {
  expect(builds).toEqual({
    esm: expect.stringMatching(/esm$/) as string,
    cjs: expect.stringMatching(/cjs$/) as string,
  });
  for (const build of Object.values(builds)) {
    const rules = await readFile(join(build, 'rules.js'), 'utf8');
    expect(rules).not.toContain('isUndefined');
    expect(rules.match(/if \(rule === undefined\)/g)).toHaveLength(2);
  }
});

test('both builds of graphql-shield load', async () => {
  const imported = (await import('graphql-shield')) as Record<string, unknown>;
  const required = require('graphql-shield') as Record<string, unknown>;
  for (const build of [imported, required])
    expect(build).toMatchObject({ shield: expect.any(Function) as unknown, rule: expect.any(Function) as unknown });
});
