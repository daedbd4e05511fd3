import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

// The gateways of others are not part of an installation of this project. They are installed from a lockfile of their own when the
// benchmark first needs them, and kept until the lockfile changes.

const PEERS = join(import.meta.dirname, 'peers');
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/tributary-bench');

/** Resolves to the folder that holds the peers' configurations beside their packages. */
export async function installPeers(report: (line: string) => void): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(PEERS, 'package-lock.json')));
  const directory = join(CACHE, `peers-${hash.digest('hex').slice(0, 16)}`);
  const isInstalled = await stat(directory).catch(() => null);
  if (!isInstalled) {
    report(`Installing the other gateways into ${directory}, once.`);
    await install(directory);
  }
  await cp(PEERS, directory, { recursive: true }); // the configurations as they are now
  return directory;
}

async function install(directory: string): Promise<void> {
  // Under its final name only when it is whole: an installation may be broken off.
  const unfinished = `${directory}-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await cp(PEERS, unfinished, { recursive: true });
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished });
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error('The other gateways cannot be installed. Measure without: --peers stock,ours', { cause: error });
  }
}
