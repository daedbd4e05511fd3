import { expect, test } from 'vitest';

import { ReleaseStack, startWith } from '@tributary/kit/lifecycle';

const recorder = () => {
  const log: string[] = [];
  const handle = (name: string, failure?: Error) => ({
    name,
    async stop() {
      log.push(`${name} stops`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} stopped`);
      if (failure) throw failure;
    },
  });
  return { log, handle };
};

test('releases run in reverse order, each after the one before has finished', async () => {
  const { log, handle } = recorder();
  const stack = new ReleaseStack();
  expect(stack.use(handle('database')).name).toBe('database');
  stack.defer(() => void log.push('file closed'));
  stack.use(handle('server'));
  await stack.stop();
  expect(log).toEqual(['server stops', 'server stopped', 'file closed', 'database stops', 'database stopped']);
});

test('every call of stop shares one promise, also after the stop and when it fails', async () => {
  const { log, handle } = recorder();
  const failure = new Error('stuck');
  const stack = new ReleaseStack();
  stack.use(handle('server', failure));
  const first = stack.stop();
  expect(stack.stop()).toBe(first);
  await expect(first).rejects.toBe(failure);
  expect(stack.stop()).toBe(first);
  expect(log).toEqual(['server stops', 'server stopped']);
});

test('a release that fails does not keep the others from running', async () => {
  const { log, handle } = recorder();
  const failure = new Error('stuck');
  const stack = new ReleaseStack();
  stack.use(handle('database'));
  stack.use(handle('relay', failure));
  stack.use(handle('server'));
  await expect(stack.stop()).rejects.toBe(failure);
  expect(log.filter((line) => line.endsWith('stopped'))).toEqual([
    'server stopped',
    'relay stopped',
    'database stopped',
  ]);
});

test('several failures are thrown together, in the order they happened', async () => {
  const { handle } = recorder();
  const [one, two] = [new Error('one'), new Error('two')];
  const stack = new ReleaseStack();
  stack.use(handle('second', two));
  stack.defer(() => {
    throw one; // a release may also fail at once
  });
  await expect(stack.stop()).rejects.toEqual(new AggregateError([one, two], 'Several parts did not stop cleanly.'));
  await expect(stack.stop()).rejects.toMatchObject({ errors: [one, two] });
});

test('startWith returns what was started and releases nothing', async () => {
  const { log, handle } = recorder();
  const started = await startWith(async (stack) => ({ server: stack.use(handle('server')), stop: () => stack.stop() }));
  expect(log).toEqual([]);
  await started.stop();
  expect(log).toEqual(['server stops', 'server stopped']);
});

test('startWith releases what was acquired before it passes the failure on', async () => {
  const { log, handle } = recorder();
  const failure = new Error('the port is taken');
  const starting = startWith(async (stack) => {
    stack.use(handle('database'));
    stack.use(handle('relay'));
    throw failure;
  });
  await expect(starting).rejects.toBe(failure);
  expect(log).toEqual(['relay stops', 'relay stopped', 'database stops', 'database stopped']);
});

test('startWith tells the failure of the start, not the one of a release after it', async () => {
  const { handle } = recorder();
  const failure = new Error('the port is taken');
  const starting = startWith(async (stack) => {
    stack.use(handle('database', new Error('stuck')));
    throw failure;
  });
  await expect(starting).rejects.toBe(failure);
});
