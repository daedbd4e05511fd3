import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Pid that the cluster's own lock file names, or null. Nothing says that this process still runs or ever was a server. */
export async function readPostmasterPid(cluster: string): Promise<number | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Processes of the server that work on this cluster: every one of them has it as its current directory. */
export async function findServerProcesses(cluster: string): Promise<number[]> {
  const pids = process.platform === 'linux' ? await pidsOnLinux(cluster) : await pidsByPs(cluster);
  return pids.sort((a, b) => a - b);
}

async function pidsOnLinux(cluster: string): Promise<number[]> {
  const path = await realpath(cluster);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === path ? [Number(pid)] : [])),
  );
  return found.flat();
}

// Without /proc only the postmaster is looked at: its command line names the cluster.
async function pidsByPs(cluster: string): Promise<number[]> {
  const pid = await readPostmasterPid(cluster);
  if (pid === null) return [];
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres') && stdout.includes(cluster) ? [pid] : [];
}
