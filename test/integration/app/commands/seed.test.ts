import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { MINUTE } from '@tributary/kit/clock';

import { newDataDir } from '../data-dir.ts';

const COMMAND = join(import.meta.dirname, '../../../../app/src/commands/seed.ts');

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function runSeed(args: readonly string[], environment: Record<string, string>): Promise<Outcome> {
  try {
    const output = await promisify(execFile)(process.execPath, [COMMAND, ...args], {
      env: { LOG_LEVEL: 'warn', ...environment },
    });
    return { code: 0, ...output };
  } catch (error) {
    return error as Outcome;
  }
}

test(
  'the command makes, migrates and fills a database, and leaves a filled one alone',
  { timeout: 2 * MINUTE },
  async () => {
    const DATA_DIR = await newDataDir();
    const first = await runSeed(['demo'], { DATA_DIR });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout.split('\n')).toEqual([
      ...['People and catalog', 'Orders', 'Indexes'].flatMap((label) =>
        (label === 'People and catalog' ? [0, 100] : [0, 25, 50, 75, 100]).map((percent) => `${label}: ${percent} %`),
      ),
      'The database now holds the demo company.',
      '',
    ]);
    expect(await runSeed([], { DATA_DIR, SEED: 'medium' })).toEqual({
      code: 0,
      stdout: 'The database holds data already; nothing was changed.\n',
      stderr: '',
    });
  },
);

test('mistakes end the command before anything is started', async () => {
  const DATA_DIR = await newDataDir();
  const wrongSize = await runSeed(['huge'], { DATA_DIR });
  expect(wrongSize).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('not "huge"') as string });
  const nothing = await runSeed([], { DATA_DIR, SEED: 'none' });
  expect(nothing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Name a size') as string });
});
