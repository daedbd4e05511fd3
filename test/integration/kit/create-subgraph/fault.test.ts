import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createSubgraph, SECOND } from '@tributary/kit';

import { libraryDefinition, startLibrary } from '../library.ts';
import type { Library } from '../library.ts';
import { dependencies } from './dependencies.ts';
import { failed, MASKED } from './failed.ts';

let library: Library;
beforeAll(async () => {
  library = await startLibrary();
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
});
beforeEach(() => {
  library.log.length = 0;
});

const ask: Library['ask'] = (...request) => library.ask(...request);

describe('a fault', () => {
  const cases: [string, string, unknown, object][] = [
    [
      'in SQL leaks neither the statement nor its parameters',
      '{ leak }',
      { data: { leak: null }, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['leak'])] },
      { message: 'relation "library.vault" does not exist' },
    ],
    [
      'of a promise inside a list is masked',
      '{ leakInList }',
      { data: { leakInList: null }, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['leakInList', 0])] },
      { message: 'connect ECONNREFUSED 10.0.0.7:5432' },
    ],
    [
      'that is thrown as something other than an Error is masked',
      '{ thrown }',
      { data: { thrown: null }, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['thrown'])] },
      {},
    ],
    [
      'of null in a non-null field is masked',
      '{ nothing }',
      { data: null, errors: [failed('INTERNAL_SERVER_ERROR', MASKED, ['nothing'])] },
      { message: 'Cannot return null for non-nullable field Query.nothing.' },
    ],
  ];
  test.each(cases)('%s and is logged with the request id', async (_name, query, answer, err) => {
    const given = (await ask(query)) as { errors: { locations?: unknown }[] };
    for (const error of given.errors) delete error.locations;
    expect(given).toEqual(answer);
    expect(JSON.stringify(given)).not.toMatch(/hunter2|vault|ECONNREFUSED|10\.0\.0\.7/);
    expect(library.log).toEqual([
      expect.objectContaining({
        level: 50,
        subgraph: 'library',
        requestId: 'request-1',
        msg: 'a resolver failed',
        err: expect.objectContaining(err) as object,
      }),
    ]);
  });

  test('while the context is made is masked, and execute does not reject', async () => {
    const broken = await createSubgraph(
      {
        ...libraryDefinition,
        extendContext: () => {
          throw new Error('no loaders, hunter2');
        },
      },
      dependencies(library),
    );
    const call = { principal: null, requestId: 'request-2', deadline: Date.now() + SECOND };
    const { data, errors } = await broken.execute({ query: '{ motto }' }, call);
    expect({ data, errors: errors?.map((error) => error.toJSON()) }).toEqual({
      data: undefined,
      errors: [failed('INTERNAL_SERVER_ERROR', MASKED)],
    });
    await broken.stop();
  });

  test('that is a refusal is not logged', async () => {
    expect(await ask('{ refused }')).toEqual({
      data: { refused: null },
      errors: [expect.objectContaining(failed('BAD_USER_INPUT', 'Not like this.', ['refused']))],
    });
    expect(library.log).toEqual([]);
  });
});
