import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const fileOf = (module: string) => JSON.stringify(fileURLToPath(import.meta.resolve(`@tributary/kit/${module}`)));

interface Outcome {
  /** Exit code, or the signal that killed the process. */
  code: number | NodeJS.Signals | null;
  lines: { level: number; msg: string; err?: { message: string } }[];
  stderr: string;
}

/** Runs a process whose server is `start`, sends it `signals` when it says `word`, and waits for its end. */
async function run(
  start: string,
  { signals = [], word = 'ready' }: { signals?: NodeJS.Signals[]; word?: string } = {},
): Promise<Outcome> {
  const program = `
    import { runProcess } from ${fileOf('run-process')};
    import { readConfig } from ${fileOf('config')};
    setInterval(() => undefined, 1000); // a server keeps its process alive
    const settings = (reader) => ({ logLevel: 'info', port: reader.integer('PORT', 1, { min: 1, max: 2 }) });
    const { SETTINGS = '{}' } = process.env;
    await runProcess('tiny', () => readConfig(JSON.parse(SETTINGS), settings), ${start});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { SETTINGS: start.includes('never') ? '{"PORT":"hunter2"}' : '{}' },
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const before = stdout.includes(word);
    stdout += chunk.toString();
    if (!before && stdout.includes(word)) for (const signal of signals) child.kill(signal);
  });
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome['lines'][number]);
  return { code: exitCode ?? signal, lines, stderr };
}

const serving = `async (config, { logger }) => ({ url: 'http://h', stop: async () => logger.info('stopped') })`;

describe.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('on %s', (signal) => {
  test('the server is stopped, and the process exits with 0', async () => {
    const { code, lines, stderr } = await run(serving, { signals: [signal] });
    expect({ code, said: lines.map(({ msg }) => msg), stderr }).toEqual({
      code: 0,
      said: ['ready', 'stopped'],
      stderr: '',
    });
  });
});

test('a signal that comes while the server starts stops it as soon as it has started', async () => {
  const start = `async (config, { logger }) => {
    logger.info('starting');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { url: 'http://h', stop: async () => logger.info('stopped') };
  }`;
  const { code, lines } = await run(start, { signals: ['SIGTERM'], word: 'starting' });
  expect(code).toBe(0);
  expect(lines.at(-1)?.msg).toBe('stopped');
});

test('both signals together stop it once', async () => {
  const { code, lines } = await run(serving, { signals: ['SIGTERM', 'SIGINT'] });
  expect(code).toBe(0);
  expect(lines.filter(({ msg }) => msg !== 'ready').length).toBeGreaterThan(0);
});

test('settings that are not usable end the process with 1 and are told as plain text, before anything starts', async () => {
  expect(await run(`() => console.log('never')`)).toEqual({
    code: 1,
    lines: [],
    stderr: 'The settings are not usable:\n  - PORT must be a whole number from 1 to 2, not "hunter2".\n',
  });
});

test('a server that cannot start ends the process with 1 and the reason in the log', async () => {
  const { code, lines } = await run(`() => Promise.reject(new Error('the database is away'))`);
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.objectContaining({
      level: 60,
      msg: 'could not start',
      err: expect.objectContaining({ message: 'the database is away' }) as object,
    }),
  ]);
});

test('a server that does not stop cleanly ends the process with 1 and the reason in the log', async () => {
  const start = `async () => ({ url: 'http://h', stop: () => Promise.reject(new Error('stuck')) })`;
  const { code, lines } = await run(start, { signals: ['SIGTERM'] });
  expect(code).toBe(1);
  expect(lines.at(-1)).toMatchObject({ level: 60, msg: 'not everything stopped cleanly', err: { message: 'stuck' } });
});
