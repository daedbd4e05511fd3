import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('hold-embedded-postgres.ts', import.meta.url));

export interface OwnerProcess {
  pid: number;
  answer: { adminUrl: string } | { refused: string };
  /** Ends the process as a crash does; what it started goes on. */
  kill(): Promise<void>;
}

/** Starts a process that owns the embedded PostgreSQL of a DATA_DIR, in a process group of its own, and waits for its answer. */
export async function startOwner(dataDir: string, durability: 'fast' | 'durable' = 'fast'): Promise<OwnerProcess> {
  const child = spawn(process.execPath, [SCRIPT, dataDir, durability], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { pid: child.pid!, answer: JSON.parse(line) as OwnerProcess['answer'], kill };
}
