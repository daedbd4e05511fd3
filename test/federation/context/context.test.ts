import { expect, test } from 'vitest';

import { describeFederation, startFederation } from '../../kit/federation.ts';
import { names } from './names.subgraph.ts';
import { shop } from './shop.subgraph.ts';

// Apollo's executor leaves contexts out, so there is nothing to compare with here.

describeFederation({ shop, names }, (graph) => {
  test('an argument is taken from the object around, each time its own, also for one entity in several places', async () => {
    expect(await graph.ask('{ users { orders { total } } }')).toEqual({
      data: {
        users: [
          { orders: [{ total: 'o1 in EUR' }, { total: 'shared in EUR' }] },
          null,
          { orders: [{ total: 'shared in USD' }, null, { total: 'o2 in USD' }] },
        ],
      },
    });
  });

  test('so it is where another subgraph has said the same about the entity in each place', async () => {
    const order = (id: string, currency: string) => ({ label: `order ${id}`, total: `${id} in ${currency}` });
    expect(await graph.ask('{ users { orders { label total } } }')).toEqual({
      data: {
        users: [
          { orders: [order('o1', 'EUR'), order('shared', 'EUR')] },
          null,
          { orders: [order('shared', 'USD'), null, order('o2', 'USD')] },
        ],
      },
    });
  });

  test('the value may come from another subgraph, beside arguments of the client', async () => {
    const query = 'query ($style: String) { users { orders { greeting(style: $style) plain: greeting } } }';
    const greetings = (name: string, id: string) => ({
      greeting: `hey ${name}, ${id}`,
      plain: `dear ${name}, ${id}`,
    });
    expect(await graph.ask(query, { variables: { style: 'hey' } })).toEqual({
      data: {
        users: [
          { orders: [greetings('person u1', 'o1'), greetings('person u1', 'shared')] },
          null,
          { orders: [greetings('person u2', 'shared'), null, greetings('person u2', 'o2')] },
        ],
      },
    });
  });

  test('several contexts serve one field', async () => {
    const { data } = await graph.ask('{ users { orders { both } } }');
    expect(data).toMatchObject({ users: [{ orders: [{ both: 'person u1 pays EUR' }, {}] }, null, {}] });
  });

  test('the nearest object of the context counts', async () => {
    expect(await graph.ask('{ users { child { orders { total } } } }')).toEqual({
      data: {
        users: [
          { child: { orders: [{ total: 'shared in USD' }, null, { total: 'o2 in USD' }] } },
          null,
          { child: null },
        ],
      },
    });
  });

  test('types of a union are contexts, each with its own field', async () => {
    const query = `{ buyers { ... on User { id orders { total } } ... on Company { id orders { total greeting } } } }`;
    expect(await graph.ask(query)).toEqual({
      data: {
        buyers: [
          { id: 'u1', orders: [{ total: 'o1 in EUR' }, { total: 'shared in EUR' }] },
          { id: 'u2', orders: [{ total: 'shared in USD' }, null, { total: 'o2 in USD' }] },
          { id: 'c1', orders: [{ total: 'shared in GBP', greeting: 'dear company c1, shared' }] },
        ],
      },
    });
  });

  test('an interface is a context, and null is a value', async () => {
    expect(await graph.ask('{ carts { lines { remark } } }')).toEqual({
      data: {
        carts: [
          { lines: [{ remark: 'l1: urgent' }, { remark: 'l2: urgent' }] },
          { lines: [{ remark: 'l1: null' }] },
          { lines: [] },
        ],
      },
    });
  });

  test('objects with equal surroundings go into one fetch', async () => {
    await graph.ask('{ carts { lines { remark } } }');
    const entities = graph.fetches.filter(({ query }) => query.includes('_entities'));
    expect(entities.map(({ variables }) => Object.values(variables).find((each) => !Array.isArray(each)))).toEqual([
      'urgent',
      null,
    ]);
  });

  test('another field under the name that a context reads is not taken for it', async () => {
    const { data } = await graph.ask('{ users { currency: id orders { total } } }');
    expect(data).toMatchObject({
      users: [{ currency: 'u1', orders: [{ total: 'o1 in EUR' }, {}] }, null, { currency: 'u2' }],
    });
  });

  test('the argument is none of the client’s', async () => {
    const { errors } = await graph.ask('{ users { orders { total(currency: "XXX") } } }');
    expect(errors).toMatchObject([{ code: 'GRAPHQL_VALIDATION_FAILED' }]);
  });
});

test('an argument whose value cannot be fetched is not made up', async () => {
  const fail = () => {
    throw new Error('no names today');
  };
  const nameless = { ...names, resolvers: { ...names.resolvers, User: { __resolveReference: fail } } };
  await using graph = await startFederation({ shop, names: nameless });
  const { data, errors } = await graph.ask('{ users { id orders { greeting } } }');
  const nothing = { greeting: null };
  expect(data).toEqual({
    users: [{ id: 'u1', orders: [nothing, nothing] }, null, { id: 'u2', orders: [nothing, null, nothing] }],
  });
  expect(errors?.map(({ path }) => path)).toEqual([
    ['users', 0],
    ['users', 2],
  ]);
});
