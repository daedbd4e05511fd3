import { spawn } from 'node:child_process';

/** A user of the operating system, by number. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

export interface CommandResult {
  ok: boolean;
  /** Standard output and standard error, in the order they came. */
  output: string;
}

export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs a program to its end, as `account` when one is given. Never rejects. The program gets a session of its own, so that Ctrl-C
 * and signals to our process group do not reach it, and none of our environment, where PG* variables would change what it does.
 */
export function runCommand(file: string, args: readonly string[], account?: Account): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      detached: true,
      cwd: '/', // the current directory may be closed to `account`
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    let output = '';
    const collect = (chunk: Buffer) => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}

/** The line of an output that tells most: the last one that is not empty. */
export const lastLine = (output: string) => output.trim().split('\n').at(-1) ?? '';
