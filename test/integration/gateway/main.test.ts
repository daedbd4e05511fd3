import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { internalKeys } from './keys.ts';

const main = fileURLToPath(new URL('../../../gateway/src/main.ts', import.meta.url));

async function run(settings: Record<string, string>) {
  const key = JSON.stringify((await internalKeys).privateKey);
  const env = { PORT: '0', INTERNAL_TOKEN_PRIVATE_KEY: key, ...settings };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk) => (output.err += String(chunk)));
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  return { child, output, exited };
}

test.each(['SIGTERM', 'SIGINT'] as const)('a gateway of its own serves, and ends with code 0 on %s', async (signal) => {
  const { child, output, exited } = await run({});
  await expect.poll(() => output.out, { timeout: 20_000 }).toContain('the gateway is ready');
  const { url } = JSON.parse(output.out.split('\n').find((line) => line.includes('ready'))!) as { url: string };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __schema { queryType { name } } }"}',
  });
  expect(await response.json()).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
  child.kill(signal);
  expect(await exited).toEqual([0, null]);
});

test('a signal while it starts ends it as well', async () => {
  const { child, exited } = await run({});
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill('SIGTERM');
  const [code, signal] = await exited;
  expect(code === 0 || signal === 'SIGTERM').toBe(true);
});

test('wrong settings, a used port and a missing supergraph are told in a few words', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const tries: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ PORT: 'x', LOG_LEVEL: 'loud' }, /^The settings are not usable:\n {2}- PORT .*\n {2}- LOG_LEVEL .*\n$/],
    [{ PORT: String(port) }, /^Port \d+ of 127\.0\.0\.1 is in use by another process\.\n$/],
    [{ SUPERGRAPH_FILE: '/nowhere.graphql' }, /^ENOENT.*\/nowhere\.graphql'\n$/],
  ];
  for (const [settings, message] of tries) {
    const { output, exited } = await run(settings);
    expect(await exited).toEqual([1, null]);
    expect(output.err).toMatch(message);
  }
  await new Promise((resolve) => other.close(resolve));
});
