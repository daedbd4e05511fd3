import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createSubgraph, everyone } from '@tributary/kit';

import { libraryDefinition, startLibrary } from '../library.ts';
import type { Library } from '../library.ts';
import { dependencies } from './dependencies.ts';

let library: Library;
beforeAll(async () => {
  library = await startLibrary();
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
});

describe('starting', () => {
  const connections = async () =>
    (await library.postgres.query(`SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'tributary-atlas%'`))
      .length;
  const atlas = { ...libraryDefinition, name: 'atlas' };

  test('with rules that do not fit the schema fails and opens nothing', async () => {
    const permissions = { ...libraryDefinition.permissions, Map: { id: everyone } };
    await expect(createSubgraph({ ...atlas, permissions }, dependencies(library))).rejects.toThrow(
      '"Map" has rules but is not an object type of this subgraph.',
    );
    expect(await connections()).toBe(0);
  });

  test('with a scalar that nothing implements fails, because it would let every value through', async () => {
    const sdl = `${libraryDefinition.sdl}\nscalar Mystery`;
    await expect(createSubgraph({ ...atlas, sdl }, dependencies(library))).rejects.toThrow(
      'Nothing implements the scalars Mystery.',
    );
    expect(await connections()).toBe(0);
  });

  test('without the database fails', async () => {
    const away = new URL(library.postgres.adminUrl);
    away.pathname = '/nowhere';
    await expect(createSubgraph(atlas, { ...dependencies(library), databaseUrl: away.href })).rejects.toThrow(
      'database "nowhere" does not exist',
    );
  });

  test('with a cursor key that is too short fails', async () => {
    await expect(createSubgraph(atlas, { ...dependencies(library), cursorKey: new Uint8Array(8) })).rejects.toThrow(
      'The cursor key needs at least 32 bytes.',
    );
    expect(await connections()).toBe(0);
  });

  test('and stopping closes every connection, once', async () => {
    const subgraph = await createSubgraph(atlas, dependencies(library));
    expect(await connections()).toBeGreaterThan(0);
    expect(await subgraph.isReady()).toBe(true);
    const stopping = subgraph.stop();
    expect(subgraph.stop()).toBe(stopping);
    await stopping;
    while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await subgraph.isReady()).toBe(false);
  });
});
