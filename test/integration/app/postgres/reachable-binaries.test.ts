import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { ensureServerAccount } from '@tributary/app/postgres/account';
import { findInstalledBinaries } from '@tributary/app/postgres/binaries';
import { makeBinariesReachable } from '@tributary/app/postgres/reachable-binaries';

async function newFolder(mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-binaries-'));
  await chmod(folder, mode);
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('binaries that the user can run are used where they are', async () => {
  const installed = await findInstalledBinaries();
  expect(await makeBinariesReachable(installed, undefined, '/nowhere')).toBe(installed);
});

test.runIf(process.getuid?.() === 0)(
  'binaries in a folder closed to the server’s user are copied once, to where that user cannot write',
  async () => {
    const account = await ensureServerAccount();
    const original = await findInstalledBinaries();
    const installed = { ...original, directory: join(await newFolder(0o700), 'native') };
    execFileSync('cp', ['-a', original.directory, installed.directory]);
    execFileSync('chmod', ['-R', 'go=', installed.directory]); // as npm leaves it under a umask of 077
    const sharedRoot = await newFolder(0o755);

    const [copy, same] = await Promise.all([1, 2].map(() => makeBinariesReachable(installed, account, sharedRoot)));
    expect(copy).toEqual({ version: original.version, directory: join(sharedRoot, `postgresql-${original.version}`) });
    expect(same).toEqual(copy);
    expect(await stat(copy!.directory)).toMatchObject({ uid: 0, mode: 0o40_755 });
    expect((await stat(installed.directory)).mode & 0o777).toBe(0o700);
  },
);
