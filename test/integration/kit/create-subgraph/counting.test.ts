import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { SECOND } from '@tributary/kit';

import { BOOKS, startLibrary } from '../library.ts';
import type { Library } from '../library.ts';

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

describe('counting', () => {
  const page = '{ books(first: 3, slowly: true) { nodes { title } totalCount } }';
  const answer = {
    data: { books: { nodes: [{ title: 'Book 1' }, { title: 'Book 2' }, { title: 'Book 3' }], totalCount: null } },
  };

  test('that takes longer than its budget answers null, and the page stays', async () => {
    expect(await ask(page)).toEqual(answer);
    expect(library.log).toEqual([]);
  });

  test('that waits longer than its budget for others answers null as well', async () => {
    const started = Date.now();
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(page)));
    expect(answers).toEqual(Array.from({ length: 12 }, () => answer));
    // Two connections, a second for each count: in a row they would take six.
    expect(Date.now() - started).toBeLessThan(4 * SECOND);
    expect(library.log).toEqual([]);
  });

  test('that gets its turn late is given up while it still runs', async () => {
    const running = async () =>
      library.postgres.query(
        `SELECT query FROM pg_stat_activity WHERE application_name = 'tributary-library-counts' AND state = 'active'`,
      );
    const first = [ask(page), ask(page)]; // take both connections for a second
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await ask(page)).toEqual(answer);
    expect(await running()).toHaveLength(1);
    expect(await Promise.all(first)).toEqual([answer, answer]);
  });

  test('is exact when it is fast, also right after slow ones', async () => {
    await ask(page);
    expect(await ask('{ books(first: 1) { totalCount } }')).toEqual({ data: { books: { totalCount: BOOKS } } });
    expect(library.statements).toHaveLength(1);
  });
});
