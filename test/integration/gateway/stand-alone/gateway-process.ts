import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

const main = fileURLToPath(new URL('../../../../gateway/src/stand-alone/main.ts', import.meta.url));

/** A folder for files of a test. */
export interface Folder extends AsyncDisposable {
  path(name: string): string;
  write(name: string, text: string): Promise<string>;
}

export async function makeFolder(): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const path = (name: string) => join(folder, name);
  return {
    path,
    async write(name, text) {
      await writeFile(path(name), text);
      return path(name);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

export interface GatewayProcess extends AsyncDisposable {
  readonly output: { out: string; err: string };
  readonly exited: Promise<[code: number | null, signal: string | null]>;
  /** Base URL, once the ready line is there. */
  ready(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** `npm run gateway` without npm. */
export function startGatewayProcess(args: readonly string[], environment: Record<string, string> = {}): GatewayProcess {
  const child = spawn(process.execPath, [main, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk) => (output.err += String(chunk)));
  const exited = once(child, 'exit') as GatewayProcess['exited'];
  return {
    output,
    exited,
    async ready() {
      const line = /^The gateway is ready: GraphQL (http:\S+)\/graphql,/m;
      await expect.poll(() => output.out + output.err, { timeout: 20_000 }).toMatch(line);
      return line.exec(output.out)![1]!;
    },
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export async function ask(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
