import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { SECOND } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import type { Binaries } from './binaries.ts';
import { binary } from './binaries.ts';
import { clusterOf } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { ServerHome } from './server-home.ts';
import { findServerProcesses, readPostmasterPid } from './server-processes.ts';

// Starting and stopping the server on an existing cluster. pg_ctl gives the server a session of its own, so that Ctrl-C stops us
// first, and we stop the server when the last request is answered.

const START_TIMEOUT_SECONDS = 120; // crash recovery after a heavy load takes a while
const STOP_TIMEOUT_SECONDS = 60;
const PATIENCE_MS = 15 * SECOND;
const PORT_ATTEMPTS = 5;
const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '1GB',
  max_wal_size: '2GB',
  random_page_cost: '1.1', // solid state disks
  jit: 'off', // compiling costs more than these short statements take
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log must not hold data of people: no statement texts, no DETAIL lines with the values of a violated key.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** Only where losing everything in a crash is fine. */
const WITHOUT_DURABILITY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export interface RunningServer extends Handle {
  port: number;
}

/** Starts the server on a free port of the loopback interface and waits until it answers. */
export async function startServer(
  home: ServerHome,
  binaries: Binaries,
  { durable, logger }: { durable: boolean; logger: Logger },
): Promise<RunningServer> {
  const log = join(home.directory, 'server.log');
  const deadline = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    const logged = await rotate(log);
    const settings = Object.entries({ ...SETTINGS, ...(durable ? {} : WITHOUT_DURABILITY), port: String(port) });
    const result = await runCommand(
      binary(binaries, 'pg_ctl'),
      [
        'start',
        `--pgdata=${clusterOf(home)}`,
        `--log=${log}`,
        `--timeout=${START_TIMEOUT_SECONDS}`,
        `--options=${settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')}`,
      ],
      home.account,
    );
    if (result.ok) return { port, stop: () => stopServer(home, binaries) };

    const output = (await readFile(log, 'utf8').catch(() => '')).slice(logged);
    const rivalForPort = /could not bind|Address already in use/.test(output) && attempt < PORT_ATTEMPTS;
    // A server that a killed process left behind may have been about to start, or its last processes about to end.
    const rivalForCluster = /lock file "postmaster.pid"|shared memory block/.test(output) && Date.now() < deadline;
    if (rivalForCluster) await stopOrphanedServer(home, binaries, logger);
    if (rivalForCluster) await sleep(250);
    if (!rivalForPort && !rivalForCluster) {
      await stopServer(home, binaries).catch(() => undefined); // pg_ctl stops waiting, not the server
      throw new EmbeddedPostgresError(
        `PostgreSQL did not start: ${reason(output) || lastLine(result.output)} (see ${log})`,
      );
    }
  }
}

/** Ends a server that outlived the process that started it. Does nothing when there is none. */
export async function stopOrphanedServer(home: ServerHome, binaries: Binaries, logger: Logger): Promise<void> {
  const cluster = clusterOf(home);
  const processes = await findServerProcesses(cluster);
  if (processes.length === 0) return removeStalePidFile(cluster);
  logger.warn({ pids: processes }, 'stopping the PostgreSQL that a killed process left running');
  const postmaster = await readPostmasterPid(cluster);
  if (postmaster !== null && processes.includes(postmaster)) await stopServer(home, binaries);
  // The processes of a killed postmaster notice its end and stop by themselves.
  const deadline = Date.now() + PATIENCE_MS;
  while ((await findServerProcesses(cluster)).length > 0) {
    if (Date.now() > deadline)
      throw new EmbeddedPostgresError(
        `Processes ${processes.join(', ')} of an earlier PostgreSQL still work in ${home.directory}: end them and start again.`,
      );
    await sleep(50);
  }
  await removeStalePidFile(cluster);
}

// The server takes any live process with the pid of its old lock file for a rival, and in a container that starts again the same
// small numbers come back. Where /proc has shown that nobody works on the cluster, the file is stale for certain.
async function removeStalePidFile(cluster: string): Promise<void> {
  if (process.platform === 'linux') await rm(join(cluster, 'postmaster.pid'), { force: true });
}

/** Fast: open transactions are rolled back, everything committed is written. Immediate only when that takes too long. */
async function stopServer(home: ServerHome, binaries: Binaries): Promise<void> {
  const stop = (mode: 'fast' | 'immediate') =>
    runCommand(
      binary(binaries, 'pg_ctl'),
      ['stop', `--pgdata=${clusterOf(home)}`, `--mode=${mode}`, `--timeout=${STOP_TIMEOUT_SECONDS}`],
      home.account,
    );
  if ((await stop('fast')).ok || (await readPostmasterPid(clusterOf(home))) === null) return;
  const { ok, output } = await stop('immediate');
  if (!ok) throw new EmbeddedPostgresError(`PostgreSQL did not stop: ${lastLine(output)}`);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Puts a log that has grown large aside. Returns the size of the log that will be written to. */
async function rotate(log: string): Promise<number> {
  const size = (await stat(log).catch(() => ({ size: 0 }))).size;
  if (size < LOG_LIMIT_BYTES) return size;
  await rename(log, `${log}.1`);
  return 0;
}

const reason = (output: string) =>
  output
    .split('\n')
    .filter((line) => /FATAL|PANIC/.test(line))
    .at(-1)
    ?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? '';
