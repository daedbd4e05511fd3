import { describe, expect, test } from 'vitest';

import { createInternalTokenSigner, SECOND } from '@tributary/kit';

import { support } from '../library.ts';
import { privateJwk, serveLibrary, unauthenticated } from './served-library.ts';

const { bearer, post, send } = serveLibrary();

describe('without the gateway', () => {
  test('health is answered', async () => {
    expect(await send('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
    expect(await send('/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
  });

  test.each(['{ motto }', '{ _service { sdl } }', '{ __typename }', 'no GraphQL', ''])(
    'the operation %j is refused',
    async (query) => {
      expect(await post({ query }, { authorization: '' })).toEqual(unauthenticated);
    },
  );

  test.each([
    ['GET', '/graphql'],
    ['PUT', '/graphql'],
    ['DELETE', '/graphql'],
    ['GET', '/'],
    ['POST', '/graphql/'],
    ['GET', '/livez/..'],
    ['POST', '/anything?access_token=x'],
    ['OPTIONS', '/graphql'],
  ])('%s %s is refused and does not tell what there is', async (method, path) => {
    expect(await send(path, { method })).toEqual(unauthenticated);
  });

  test('a large body is refused before it is read', async () => {
    expect(await post('x'.repeat(5 * 1024 * 1024), { authorization: '' })).toEqual(unauthenticated);
  });

  const headers: [string, () => Promise<string>][] = [
    ['a token for another subgraph', async () => (await bearer(support, 'billing')).authorization],
    ['a token of an hour ago', async () => `Bearer ${await signedAnHourAgo()}`],
    ['a cut token', async () => (await bearer(support)).authorization.slice(0, -2)],
    ['the token twice', async () => `${(await bearer()).authorization}, ${(await bearer()).authorization}`],
    ['another scheme', async () => (await bearer()).authorization.replace('Bearer', 'Basic')],
    ['no scheme', async () => (await bearer()).authorization.replace('Bearer ', '')],
    ['words', async () => 'Bearer let me in'],
  ];
  test.each(headers)('%s is refused', async (_name, authorization) => {
    expect(await post({ query: '{ motto }' }, { authorization: await authorization() })).toEqual(unauthenticated);
  });

  test('a token in the address does not count', async () => {
    const token = (await bearer()).authorization.slice('Bearer '.length);
    expect(await send(`/graphql?access_token=${token}`, { method: 'POST' })).toEqual(unauthenticated);
  });

  const signedAnHourAgo = async () => {
    const clock = { now: () => new Date(Date.now() - 3_600 * SECOND) };
    return (await createInternalTokenSigner(privateJwk, clock)).sign(support, 'library');
  };
});
