import type { GraphQLResolveInfo } from 'graphql';
import { expect, test } from 'vitest';

import { anyOf, everyone, fields, refusal, signedIn } from '@tributary/kit/access/permissions';
import type { Check } from '@tributary/kit/access/permissions';
import type { RequestContext } from '@tributary/kit/context';

const context = { principal: null } as RequestContext;
const ask = (check: Check) => check(context, { id: '1' }, { a: 1 }, {} as GraphQLResolveInfo);

test('one rule is given to several fields', () => {
  expect(fields(signedIn, ['id', 'name'])).toEqual({ id: signedIn, name: signedIn });
  expect(fields(everyone, [])).toEqual({});
});

test('any of several checks opens, they are asked in order with everything, and the first yes ends it', async () => {
  const asked: unknown[] = [];
  const answering =
    (name: string, answer: boolean): Check =>
    async (_context, parent, args) => {
      asked.push([name, parent, args]);
      return answer;
    };
  expect(await ask(anyOf(answering('no', false), answering('yes', true), answering('late', true)))).toBe(true);
  expect(asked).toEqual([
    ['no', { id: '1' }, { a: 1 }],
    ['yes', { id: '1' }, { a: 1 }],
  ]);
  expect(await ask(anyOf(answering('no', false)))).toBe(false);
  expect(await ask(anyOf())).toBe(false);
});

test('a check that fails on the way does not open anything', async () => {
  const failing: Check = () => Promise.reject(new Error('no answer'));
  await expect(ask(anyOf(failing, () => true))).rejects.toThrow('no answer');
});

test('the refusal tells callers who did not sign in from those who may not', () => {
  expect(refusal(context).code).toBe('UNAUTHENTICATED');
  expect(refusal({ principal: { type: 'service' } } as RequestContext).code).toBe('FORBIDDEN');
});
