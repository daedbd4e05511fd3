import { getNamedType, isLeafType, isObjectType } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { exportJWK, generateKeyPair } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  createLogger,
  ID_PREFIXES,
  startSubgraphServer,
  systemClock,
} from '@tributary/kit';
import type { EntitySchema, Principal, Subgraph, SubgraphServer } from '@tributary/kit';

import { fixtureId, insertFixture } from '../kit/fixture.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';
import { startTestSubgraph } from '../kit/subgraph.ts';
import { SUBGRAPHS } from '../kit/test-database.ts';
import { service } from './callers.ts';

// What every subgraph promises, whatever its domain.

/** Sees every row and field, so that what is tested is not the access matrix. */
const allSeeing: Principal = { ...service, roles: ['SERVICE', 'SUPPORT', 'FINANCE', 'ADMIN'] };

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
});
afterAll(() => database[Symbol.asyncDispose]());

const inAMinute = () => Date.now() + 60_000;

describe.each(SUBGRAPHS)('the subgraph %s', (name) => {
  let subgraph: Subgraph;
  const statements: string[] = [];
  let server: SubgraphServer;
  let token: (audience?: string) => Promise<string>;
  beforeAll(async () => {
    subgraph = await startTestSubgraph(name, database, { onStatement: (text) => statements.push(text) });
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const signer = await createInternalTokenSigner(await exportJWK(privateKey), systemClock);
    token = (audience = name) => signer.sign(service, audience);
    server = await startSubgraphServer({
      subgraph,
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      logger: createLogger({ level: 'silent', name: 'test' }),
      tokens: await createInternalTokenVerifier(await exportJWK(publicKey), name, systemClock),
    });
  });
  beforeEach(() => void statements.splice(0));
  afterAll(async () => {
    await server.stop();
    await subgraph.stop();
  });

  const post = (body: unknown, bearer?: string) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
      body: JSON.stringify(body),
    });

  test('is alive and ready while its database answers', async () => {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  test('answers nothing without the token of the gateway made for it, not even its own schema', async () => {
    const query = { query: '{ _service { sdl } }' };
    const refused = [await post(query), await post(query, await token('another')), await post(query, 'a.b.c')];
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    const allowed = await post(query, await token());
    expect(await allowed.json()).toMatchObject({
      data: { _service: { sdl: expect.stringContaining('type Query') as string } },
    });
  });

  test('resolves every entity it publishes through a reference resolver of its own', () => {
    const entities = entityTypes(subgraph.schema);
    expect(entities.length).toBeGreaterThan(0);
    const without = entities.filter((type) => !referenceResolverOf(type)).map((type) => type.name);
    expect(without).toEqual([]);
  });

  test('never takes fields of a reference for data', async () => {
    for (const type of ownedTypes(subgraph.schema)) {
      const reference = { __typename: type.name, id: fixtureId(type.name as never) };
      const fields = Object.values(type.getFields())
        .filter((field) => field.args.length === 0 && isLeafType(getNamedType(field.type)))
        .map((field) => field.name);
      const forged = { ...Object.fromEntries(fields.map((field) => [field, 'FORGED'])), ...reference };
      const answer = await askEntities([forged], type.name, fields);
      expect(answer.data).not.toEqual({ _entities: [null] });
      expect(answer).toEqual(await askEntities([reference], type.name, fields));
    }
  });

  test('says NOT_FOUND at its place for an entity that does not exist, and answers the others', async () => {
    for (const type of ownedTypes(subgraph.schema)) {
      const missing = `${ID_PREFIXES[type.name as keyof typeof ID_PREFIXES]}_01jzzzzzzzzzzzzzzzzzzzzzzz`;
      const ids = [missing, fixtureId(type.name as never)];
      const { data, errors } = await askEntities(
        ids.map((id) => ({ __typename: type.name, id })),
        type.name,
        ['id'],
      );
      expect(data).toEqual({ _entities: [null, { id: ids[1] }] });
      expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['_entities', 0], 'NOT_FOUND']]);
    }
  });

  test('refuses an id of another type before any SQL runs', async () => {
    for (const type of entityTypes(subgraph.schema)) {
      const foreign = {
        __typename: type.name,
        id: `${type.name === 'User' ? 'org' : 'usr'}_01jzzzzzzzzzzzzzzzzzzzzzzz`,
      };
      const { errors } = await askEntities([foreign], type.name, ['id']);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INVALID_ID']);
    }
    expect(statements).toEqual([]);
  });

  test('answers a request that is past its deadline without asking the database', async () => {
    const [type] = ownedTypes(subgraph.schema);
    const reference = { __typename: type!.name, id: fixtureId(type!.name as never) };
    const { errors } = await askEntities([reference], type!.name, ['id'], Date.now() - 1);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['DEADLINE_EXCEEDED']);
    expect(statements).toEqual([]);
  });

  test('has a database that looks as its entities say', async () => {
    expect(await describeDrift(name)).toEqual([]);
  });

  test('may neither change its tables nor reach those of another subgraph', async () => {
    const others = SUBGRAPHS.filter((other) => other !== name);
    const tables = { users: 'users.users', orders: 'orders.orders', billing: 'billing.invoices' };
    const refused = [
      `ALTER TABLE ${tables[name]} ADD COLUMN extra text`,
      `CREATE TABLE ${name}.extra (id int)`,
      ...others.map((other) => `SELECT FROM ${tables[other]}`),
      ...others.map((other) => `DELETE FROM ${tables[other]}`),
    ];
    for (const statement of refused)
      await expect(runAsSubgraph(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  function askEntities(representations: object[], type: string, fields: string[], deadline = inAMinute()) {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${fields.join(' ')} } } }`;
    const call = { principal: allSeeing, requestId: 'test', deadline };
    return subgraph.execute({ query, variables: { r: representations } }, call);
  }

  async function runAsSubgraph(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.urls[name] });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }
});

type EntityType = GraphQLObjectType & { extensions: { apollo?: { subgraph?: { resolveReference?: unknown } } } };
const referenceResolverOf = (type: EntityType) => type.extensions.apollo?.subgraph?.resolveReference;

function entityTypes(schema: GraphQLSchema): EntityType[] {
  const union = schema.getType('_Entity');
  return union && 'getTypes' in union ? [...(union as { getTypes(): readonly EntityType[] }).getTypes()] : [];
}

/** Entities whose rows this subgraph holds: those that are nodes here. */
const ownedTypes = (schema: GraphQLSchema) =>
  entityTypes(schema).filter((type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'));

/** Differences between the columns that the entities declare and the migrated tables. */
async function describeDrift(name: (typeof SUBGRAPHS)[number]): Promise<string[]> {
  const { entities } = (await import(`@tributary/${name}`)) as {
    entities: readonly EntitySchema[];
  };
  const problems: string[] = [];
  for (const { options } of entities) {
    const table = `${options.schema ?? name}.${options.tableName ?? options.name}`;
    const rows = await database.query<{ column: string; type: string; nullable: boolean }>(
      `SELECT attname AS "column", format_type(atttypid, NULL) AS type, NOT attnotnull AS nullable
       FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
      [table],
    );
    const actual = new Map(rows.map((row) => [row.column, row]));
    for (const [property, column] of Object.entries(options.columns)) {
      const found = actual.get(column!.name ?? property);
      if (!found) problems.push(`${table}.${column!.name ?? property} is declared but does not exist`);
      else if (found.nullable !== (column!.nullable ?? false))
        problems.push(`${table}.${found.column} differs in being nullable`);
      else if (!sameType(String(column!.type), found.type, column!.array ?? false))
        problems.push(`${table}.${found.column} is ${found.type}, declared as ${String(column!.type)}`);
    }
  }
  return problems;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'character varying': 'varchar',
  character: 'char',
  int4: 'integer',
  int: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  bool: 'boolean',
  'public.citext': 'citext',
};
const normalType = (type: string) => TYPE_NAMES[type] ?? type;

function sameType(declared: string, actual: string, array: boolean): boolean {
  const element = actual.endsWith('[]') ? actual.slice(0, -2) : actual;
  return actual.endsWith('[]') === array && normalType(declared) === normalType(element);
}
