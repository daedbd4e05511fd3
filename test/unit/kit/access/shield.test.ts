import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import pino from 'pino';
import { expect, test } from 'vitest';

import {
  ALL_WALLS,
  asContract,
  createCursorCodec,
  createRequestContext,
  everyone,
  fields,
  forbidden,
  hiddenUnless,
  nobody,
  required,
  signedIn,
  systemClock,
  VALUE_TYPE,
} from '@tributary/kit';
import type { AccessRequirements, Permissions, Principal } from '@tributary/kit';
import { guardSchema } from '@tributary/kit/access/shield';
import { noWriter } from '../../../kit/no-writer.ts';

const sdl = parse(/* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    motto: String
    secretOf(id: ID!): Secret
  }
  type Secret @key(fields: "id") {
    id: ID!
    text: String
    note: String
    place: Place
  }
  type Place {
    city: String
  }
`);
const secret = { id: '1', text: 'the text', note: 'the note', place: { city: 'Graz' } };
const resolvers = {
  Query: { motto: () => 'open', secretOf: () => secret },
  Secret: { __resolveReference: () => secret },
};
const permissions: Permissions = {
  Query: { motto: everyone, secretOf: everyone },
  Secret: {
    ...fields(signedIn, ['id', 'text', 'place']),
    note: hiddenUnless('support', (c) => c.principal?.type === 'service'),
  },
  Place: VALUE_TYPE,
};
const customer: Principal = {
  type: 'user',
  userId: '0',
  roles: ['CUSTOMER'],
  scopes: [],
  memberships: [],
  authTime: null,
  amr: [],
};

async function run(
  source: string,
  principal: Principal | null,
  requirements: AccessRequirements = {},
  rules = permissions,
) {
  const schema = guardSchema(buildSubgraphSchema({ typeDefs: sdl, resolvers }), rules, requirements);
  const contextValue = createRequestContext({
    principal,
    requestId: 'test',
    traceparent: null,
    deadline: Number.MAX_SAFE_INTEGER,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    walls: ALL_WALLS,
    writer: noWriter,
    cursors: createCursorCodec(new Uint8Array(32)),
    read: () => Promise.resolve([]),
    count: () => Promise.resolve([]),
  });
  const { data, errors } = await graphql({ schema, source, contextValue });
  return {
    data: data && (JSON.parse(JSON.stringify(data)) as unknown),
    refused: errors?.map((error) => [error.path?.join('.'), (error.originalError as { code?: string }).code]),
  };
}

const throughEntities =
  '{ _entities(representations: [{ __typename: "Secret", id: "1" }]) { ... on Secret { text } } }';

test('a field of a guarded type is refused with its path, without a caller as UNAUTHENTICATED', async () => {
  expect(await run('{ secretOf(id: "1") { text } }', null)).toEqual({
    data: { secretOf: { text: null } },
    refused: [['secretOf.text', 'UNAUTHENTICATED']],
  });
});

test('the rule of a type also holds when the object is reached through _entities', async () => {
  expect(await run(throughEntities, null)).toEqual({
    data: { _entities: [{ text: null }] },
    refused: [['_entities.0.text', 'UNAUTHENTICATED']],
  });
  expect((await run(throughEntities, customer)).data).toEqual({ _entities: [{ text: 'the text' }] });
});

test('a missing scope of the access map is FORBIDDEN, and any complete alternative opens the field', async () => {
  const requirements = { 'Secret.text': { authenticated: true, scopes: [['a', 'b'], ['c']] } };
  const ask = (scopes: string[]) => run('{ secretOf(id: "1") { text } }', { ...customer, scopes }, requirements);
  expect((await ask(['a'])).refused).toEqual([['secretOf.text', 'FORBIDDEN']]);
  expect((await ask(['a', 'b'])).data).toEqual({ secretOf: { text: 'the text' } });
  expect((await ask(['c'])).data).toEqual({ secretOf: { text: 'the text' } });
});

test('a hidden field is a silent null', async () => {
  expect(await run('{ secretOf(id: "1") { note } }', customer)).toEqual({ data: { secretOf: { note: null } } });
});

test('fields of value types are readable once their parent was given out', async () => {
  expect((await run('{ secretOf(id: "1") { place { city } } }', customer)).data).toEqual({
    secretOf: { place: { city: 'Graz' } },
  });
});

test('a rule that fails keeps the field shut and is reported as unavailable, not as forbidden', async () => {
  const failing = required('failing', () => Promise.reject(new Error('connection to 10.0.0.1 lost')));
  const rules = { ...permissions, Secret: { ...(permissions.Secret as object), text: failing } } as Permissions;
  expect(await run('{ secretOf(id: "1") { text } }', customer, {}, rules)).toEqual({
    data: { secretOf: { text: null } },
    refused: [['secretOf.text', 'UNAVAILABLE']],
  });
});

test('a closed field is refused for everybody', async () => {
  const rules = { ...permissions, Query: { motto: nobody, secretOf: everyone } };
  expect((await run('{ motto }', customer, {}, rules)).refused).toEqual([['motto', forbidden().code]]);
});

test('a field without a rule, a rule without a field and a rule on something that is no object type stop the start', () => {
  const guard = (rules: Permissions) => () => guardSchema(buildSubgraphSchema({ typeDefs: sdl, resolvers }), rules, {});
  const { Place: _place, ...withoutPlace } = permissions;
  expect(guard(withoutPlace)).toThrow('"Place.city" has no permission rule.');
  expect(guard({ ...permissions, Query: { ...(permissions.Query as object), gone: everyone } })).toThrow(
    '"Query.gone" has a rule but is not a field.',
  );
  expect(guard({ ...permissions, Query: { motto: asContract, secretOf: everyone } })).toThrow(
    '"Query.motto" relies on the contract, which demands nothing',
  );
  expect(guard({ ...permissions, _Entity: { id: everyone } })).toThrow('"_Entity" has rules but is not an object type');
});
