import { expect, test } from 'vitest';

import { support } from '../library.ts';
import { refusal, serveLibrary, unauthenticated } from './served-library.ts';

const served = serveLibrary();
const { bearer, post, restart, send, start } = served;

test('a fault outside of GraphQL is masked and logged', async () => {
  const logged: unknown[] = [];
  const failing = { ...served.library.subgraph, execute: () => Promise.reject(new Error('hunter2')) };
  await restart({
    subgraph: failing,
    logger: { error: (...line: unknown[]) => void logged.push(line) } as never,
  });
  expect(await post({ query: '{ motto }' })).toEqual(
    refusal(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'),
  );
  expect(logged).toEqual([[{ err: new Error('hunter2'), url: '/graphql' }, 'a request failed']]);
});

test('with the wall taken down, which only tests do, every caller is anonymous', async () => {
  await restart({ tokens: null });
  expect((await post({ query: '{ motto }' }, { authorization: '' })).body).toEqual({ data: { motto: 'read' } });
  const { body } = await post({ query: '{ staffMotto }' }, await bearer(support));
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('internal routes stand behind the token and learn whom it speaks for', async () => {
  await restart({
    internalRoutes: (routes, principalOf) => routes.get('/internal/me', (each) => ({ principal: principalOf(each) })),
  });
  expect(await send('/internal/me')).toEqual(unauthenticated);
  expect(await send('/internal/me', { headers: await bearer(support) })).toEqual({
    status: 200,
    body: { principal: support },
  });
});

test('a database that is away makes the subgraph not ready, but alive', async () => {
  await restart({ subgraph: { ...served.library.subgraph, isReady: async () => false } });
  expect(await send('/readyz')).toEqual({ status: 503, body: { status: 'not ready' } });
  expect(await send('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
});

test('a port that is taken fails the start', async () => {
  await expect(start({ port: Number(new URL(served.server.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
