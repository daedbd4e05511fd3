import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { permissions as billing } from '@tributary/billing';
import { VALUE_TYPE } from '@tributary/kit';
import { permissions as orders } from '@tributary/orders';
import { accessMap } from '@tributary/schema';
import { permissions as users } from '@tributary/users';

import { insertFixture } from '../kit/fixture.ts';
import { startTestGraph } from '../kit/graph.ts';
import type { TestGraph } from '../kit/graph.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';
import { ACCESS_MATRIX, EMPTY_FIELDS } from './access-matrix.ts';
import type { Caller } from './access-matrix.ts';
import { ACCESS_PATHS, objectAt } from './access-paths.ts';
import type { AccessPath } from './access-paths.ts';
import { fieldsOf, guardedCoordinates, matrixRow, mayRead, select } from './access-selection.ts';
import { GATEWAY_CALLERS, subjectOf } from './callers.ts';

// The access matrix as clients meet it: every cell, by every path to the object, through the gateway.

let database: TestDatabase;
let graph: TestGraph;
const scopes = new Map<Caller, readonly string[]>();
beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  graph = await startTestGraph({ database });
  for (const caller of GATEWAY_CALLERS) {
    const { data } = await graph.ask({ query: '{ viewer { scopes } }', as: subjectOf(caller) });
    scopes.set(caller, (data as { viewer: { scopes: string[] } } | null)?.viewer.scopes ?? []);
  }
});
afterAll(async () => {
  await graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const opens = (path: AccessPath, caller: Caller) => path.through.every((coordinate) => mayRead(caller, coordinate));
const ask = (path: AccessPath, caller: Caller, selection: string) =>
  graph.ask({ query: path.query(selection), as: subjectOf(caller) });

test('every field of a guarded type has one row in the matrix, and every row is about such fields', () => {
  const values = [billing, orders, users].flatMap((permissions) =>
    Object.entries(permissions).flatMap(([type, entry]) => (entry === VALUE_TYPE ? [type] : [])),
  );
  // What `viewer` tells is about the caller alone; mutations and subscriptions have matrices of their own.
  const guarded = guardedCoordinates(new Set([...values, 'Viewer', 'Mutation', 'Subscription']));
  expect(ACCESS_MATRIX.flatMap(({ fields }) => fields).sort()).toEqual(guarded.sort());
});

describe.each(ACCESS_PATHS)('$type by $name', (path) => {
  const { type } = path;
  const fields = fieldsOf(type);

  test.each(GATEWAY_CALLERS)('%s reads what the matrix allows', async (caller) => {
    const readable = fields.filter((field) => opens(path, caller) && mayRead(caller, `${type}.${field}`));
    if (readable.length === 0) {
      const { data } = await ask(path, caller, fields.map((field) => select(type, field)).join(' '));
      const object = objectAt(data, path.at) ?? {};
      expect(fields.filter((field) => object[field] !== null && object[field] !== undefined)).toEqual([]);
      return;
    }
    const selection = readable.map((field) => `${select(type, field)} ${select(type, field, `${field}Again`)}`);
    const { data, errors } = await ask(path, caller, selection.join(' '));
    expect(errors).toBeUndefined();
    const object = objectAt(data, path.at);
    const answered = readable.filter((field) => !EMPTY_FIELDS.has(`${type}.${field}`));
    const empty = answered.filter(
      (field) => (object?.[field] ?? null) === null || (object?.[`${field}Again`] ?? null) === null,
    );
    expect(
      empty,
      `Null in the test world: set it in test/kit/fixture.ts, or list it in EMPTY_FIELDS of the matrix`,
    ).toEqual([]);
  });

  test.each(GATEWAY_CALLERS)('%s is denied what the matrix denies, under any alias', async (caller) => {
    const seesObject = opens(path, caller) && mayRead(caller, `${type}.id`);
    const denied = fields.filter((field) => seesObject && !mayRead(caller, `${type}.${field}`));
    const verdicts = denied.map(async (field) => {
      const { data, errors } = await ask(path, caller, `id ${select(type, field, 'sought')}`);
      const sought = objectAt(data, path.at)?.sought;
      // A list may hold further objects of the type, each denied alike.
      const codes = errors && [...new Set(errors.map(({ extensions }) => extensions?.code))];
      return [field, sought ?? null, codes];
    });
    expect(await Promise.all(verdicts)).toEqual(
      denied.map((field) => [field, null, denial(`${type}.${field}`, caller)]),
    );
  });
});

/** Codes of the errors that a denied field causes; undefined for a silent null. */
function denial(coordinate: string, caller: Caller): string[] | undefined {
  if (caller === 'anonymous') return ['UNAUTHENTICATED'];
  const alternatives = accessMap().fields[coordinate]?.scopes ?? [];
  const held = scopes.get(caller)!;
  const lacksScope = alternatives.length > 0 && !alternatives.some((all) => all.every((scope) => held.includes(scope)));
  return lacksScope || matrixRow(coordinate).denied === 'FORBIDDEN' ? ['FORBIDDEN'] : undefined;
}
