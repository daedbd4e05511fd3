import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const LOGGER = fileURLToPath(import.meta.resolve('@tributary/kit/logger'));

/** What a process writes to standard output when it runs `statements` with a logger in scope. */
function linesOf(level: string, statements: string): Record<string, unknown>[] {
  const program = `import { createLogger } from ${JSON.stringify(LOGGER)};
    const logger = createLogger({ level: ${JSON.stringify(level)}, name: 'orders' });
    ${statements}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is JSON with name, time and message, and lower levels are left out', () => {
  expect(linesOf('info', `logger.debug('no'); logger.info({ requestId: 'r' }, 'yes');`)).toEqual([
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      name: 'orders',
      requestId: 'r',
      msg: 'yes',
    },
  ]);
});

test('every line is out, and in order, when the process ends right after it, however it ends', () => {
  const numbers = Array.from({ length: 100 }, (_, number) => String(number));
  for (const end of ['process.exit(0)', 'process.kill(process.pid, "SIGKILL")']) {
    const lines = linesOf('info', `for (let n = 0; n < 100; n += 1) logger.info(String(n)); ${end};`);
    expect(lines.map((line) => line.msg)).toEqual(numbers);
  }
});

test('personal data and secrets are cut out at the first two levels and in request headers', () => {
  const [line] = linesOf(
    'info',
    `logger.info({
       email: 'ada@example.com', password: 'hunter2', variables: { a: 'hunter2' }, parameters: ['hunter2'], token: 'hunter2',
       user: { phone: '+4312345', email: 'ada@example.com', secret: 'hunter2', id: 'usr_1' },
       req: { headers: { authorization: 'Bearer hunter2', cookie: 'hunter2', host: 'h' } },
     }, 'done');`,
  );
  const cut = '[redacted]';
  expect(line).toMatchObject({
    email: cut,
    password: cut,
    variables: cut,
    parameters: cut,
    token: cut,
    user: { phone: cut, email: cut, secret: cut, id: 'usr_1' },
    req: { headers: { authorization: cut, cookie: cut, host: 'h' } },
    msg: 'done',
  });
  expect(JSON.stringify(line)).not.toMatch(/hunter2|ada@|\+43/);
});

test('an error is logged with type, message, code, stack and cause, without what else a driver hangs on it', () => {
  const [line] = linesOf(
    'info',
    `const cause = Object.assign(new TypeError('the cause'), { parameters: ['hunter2'] });
     const err = Object.assign(new Error('it failed', { cause }), {
       code: '23505', detail: 'Key (email)=(hunter2) already exists.', query: 'INSERT hunter2', parameters: ['hunter2'],
     });
     logger.error({ err }, 'failed');`,
  );
  expect(line?.err).toEqual({
    type: 'Error',
    message: 'it failed',
    code: '23505',
    stack: expect.stringContaining('Error: it failed') as string,
    cause: {
      type: 'TypeError',
      message: 'the cause',
      stack: expect.stringContaining('TypeError: the cause') as string,
    },
  });
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

test('something thrown that is no Error is not written out', () => {
  const [line] = linesOf('info', `logger.error({ err: { password: 'hunter2' } }, 'failed');`);
  expect(line?.err).toEqual({ message: 'not an Error' });
});
