import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';

import { probeListenAddress } from '@tributary/app/listen-address';
import { superviseProcess } from '@tributary/app/services/supervise';
import type { BackOff } from '@tributary/app/services/supervise';

const QUICK: BackOff = { firstMs: 10, maxMs: 40, healthyMs: 60_000, attempts: 2 };

interface LogLine {
  msg: string;
  pid?: number;
  how?: string;
  delayMs?: number;
}

/** Supervises a process that runs `program` after it has noted its start in a file; `serve` in it answers /readyz. */
async function supervise(program: string, { stopTimeoutMs = 10_000 } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-supervise-'));
  const [main, starts] = [join(directory, 'main.mjs'), join(directory, 'starts')];
  await writeFile(
    main,
    `import { createServer } from 'node:http';
     import { appendFileSync, readFileSync } from 'node:fs';
     appendFileSync(process.env.STARTS, 'x');
     const start = readFileSync(process.env.STARTS, 'utf8').length;
     const serve = () => createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
     ${program}`,
  );
  const port = await probeListenAddress({ host: '127.0.0.1', port: 0 });
  const log: LogLine[] = [];
  const supervised = superviseProcess(
    {
      name: 'tiny',
      main,
      url: `http://127.0.0.1:${port}`,
      settings: { STARTS: starts, PORT: String(port) },
      stopTimeoutMs,
    },
    { logger: pino({ base: null }, { write: (line) => log.push(JSON.parse(line) as LogLine) }), surroundings: {} },
    QUICK,
  );
  onTestFinished(async () => {
    await supervised.stop().catch(() => undefined);
    await rm(directory, { recursive: true });
  });
  const logged = (msg: string) => log.filter((line) => line.msg === msg);
  const { ready, failure } = supervised;
  const stop = () => supervised.stop();
  return { ready, failure, stop, logged, starts: async () => (await readFile(starts, 'utf8')).length };
}

const RESTART = 'the process ended and is started again';

test('a process that dies is started again, after longer and longer pauses', async () => {
  const { ready, logged, stop } = await supervise('serve();');
  await ready;
  for (const time of [1, 2, 3, 4]) {
    await expect.poll(() => logged('the process is ready').length, { timeout: 10_000 }).toBe(time);
    process.kill(logged('the process is ready').at(-1)!.pid!, 'SIGKILL');
  }
  await expect.poll(() => logged(RESTART).length).toBe(4);
  expect(logged(RESTART).map(({ how, delayMs }) => [how, delayMs])).toEqual([
    ['signal SIGKILL', 10],
    ['signal SIGKILL', 20],
    ['signal SIGKILL', 40],
    ['signal SIGKILL', 40],
  ]);
  await stop();
});

test('a process that does not become ready any more is given up', async () => {
  const { ready, failure, starts } = await supervise(
    'if (start > 1) process.exit(7); serve(); setTimeout(() => process.exit(), 500);',
  );
  await ready;
  expect((await failure).message).toBe(
    'The process "tiny" is given up: 3 starts in a row failed, the last with exit code 7.',
  );
  expect(await starts()).toBe(4);
});

test('a process that fails at its first start is not tried again', async () => {
  const { ready, starts } = await supervise('process.exit(3);');
  await expect(ready).rejects.toThrow('The process "tiny" did not start: it ended with exit code 3.');
  expect(await starts()).toBe(1);
});

test('stopping ends a process that is still starting', async () => {
  const { stop, starts } = await supervise('setInterval(() => undefined, 1000);');
  await expect.poll(starts, { timeout: 10_000 }).toBe(1);
  await stop();
});

test('a process that does not stop in time is killed, and that is told', async () => {
  const { ready, stop } = await supervise(`serve(); process.on('SIGTERM', () => undefined);`, { stopTimeoutMs: 50 });
  await ready;
  await expect(stop()).rejects.toThrow('The process "tiny" did not stop in time and was killed.');
});
