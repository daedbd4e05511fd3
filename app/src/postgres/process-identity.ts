import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

// A pid alone does not name a process: the system hands the number out again. Together with the moment the process started it does.

const run = promisify(execFile);

export interface ProcessIdentity {
  pid: number;
  /** Opaque; only compared. */
  startedAt: string;
}

/** The identity behind a pid, or null when no such process runs. A process that ended but was not collected counts as ended. */
export async function findProcess(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = process.platform === 'linux' ? await startOnLinux(pid) : await startByPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await findProcess(pid))?.startedAt === startedAt;
}

async function startOnLinux(pid: number): Promise<string | null> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // proc_pid_stat(5): the name in parentheses may hold spaces and parentheses, so fields are counted from the last one. Field 3 is
  // the state, field 22 the start in clock ticks since boot; the boot id tells two boots apart.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${bootId.trim()}/${fields[19]}`;
}

async function startByPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    });
    const [, state, start] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? [];
    return start === undefined || state?.startsWith('Z') ? null : start;
  } catch {
    return null; // ps exits with 1 when there is no such process
  }
}
