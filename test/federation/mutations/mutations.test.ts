import { beforeEach, expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  beforeEach(async () => {
    await graph.ask('mutation { reset }');
    graph.fetches.length = 0;
  });

  test('mutations of several subgraphs run one after the other, in the order of the operation', async () => {
    expect(
      await graph.ask(`mutation {
        b: redeem(coupon: "x") { turn }
        a: add(item: "1") { turn }
        d: add(item: "2") { turn }
        c: redeem(coupon: "y") { turn }
      }`),
    ).toEqual({ data: { b: { turn: 1 }, a: { turn: 2 }, d: { turn: 3 }, c: { turn: 4 } } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['coupons', 'carts', 'coupons']);
  });

  test('mutations in fragments keep their places', async () => {
    const query = `mutation ($yes: Boolean!) {
      d: redeem(coupon: "x") { turn }
      ...First
      ... on Mutation { a: redeem(coupon: "y") { turn } ... @include(if: $yes) { ...Second @skip(if: $yes) e: redeem(coupon: "z") { turn } } }
      f: add(item: "2") { turn }
    }
    fragment First on Mutation { c: redeem(coupon: "y") { turn } b: add(item: "1") { turn } }
    fragment Second on Mutation { g: redeem(coupon: "y") { turn } }`;
    expect(await graph.ask(query, { variables: { yes: true } })).toEqual({
      data: { d: { turn: 1 }, c: { turn: 2 }, b: { turn: 3 }, a: { turn: 4 }, e: { turn: 5 }, f: { turn: 6 } },
    });
  });

  test('what a mutation answers is completed before the next subgraph runs the next mutation', async () => {
    expect(
      await graph.ask(`mutation { first: add(item: "1") { turn coupons } second: redeem(coupon: "x") { turn items } }`),
    ).toEqual({ data: { first: { turn: 1, coupons: 1 }, second: { turn: 2, items: ['i1'] } } });
    expect(graph.fetches.map(({ subgraph, query }) => [subgraph, query.startsWith('mutation')])).toEqual([
      ['carts', true],
      ['coupons', false],
      ['coupons', true],
      ['carts', false],
    ]);
  });

  test('the same mutation under two names runs twice', async () => {
    expect(await graph.ask('mutation { a: add(item: "1") { turn } b: add(item: "1") { turn } }')).toEqual({
      data: { a: { turn: 1 }, b: { turn: 2 } },
    });
  });

  test('the same mutation selected twice under one name runs once', async () => {
    expect(await graph.ask('mutation { add(item: "1") { turn } add(item: "1") { id coupons } }')).toEqual({
      data: { add: { turn: 1, id: 'cart', coupons: 1 } },
    });
  });

  test('a mutation that fails stops neither those before nor those after it', async () => {
    expect(
      await graph.ask('mutation { a: add(item: "1") { turn } fail { turn } b: redeem(coupon: "x") { turn } }'),
    ).toEqual({
      data: { a: { turn: 1 }, fail: null, b: { turn: 3 } },
      errors: [
        {
          message: 'Something went wrong on our side.',
          path: ['fail'],
          code: 'INTERNAL_SERVER_ERROR',
          subgraph: 'carts',
        },
      ],
    });
  });

  test('a mutation that may not be null takes everything with it, though the others have run', async () => {
    const answer = await graph.ask(
      'mutation { a: add(item: "1") { turn } must { turn } b: redeem(coupon: "x") { turn } }',
    );
    expect(answer).toEqual({
      data: null,
      errors: [
        {
          message: 'Something went wrong on our side.',
          path: ['must'],
          code: 'INTERNAL_SERVER_ERROR',
          subgraph: 'carts',
        },
      ],
    });
    expect(await graph.ask('mutation { add(item: "1") { turn } }')).toEqual({ data: { add: { turn: 3 } } });
  });

  test('a mutation that is skipped does not run', async () => {
    expect(
      await graph.ask(
        'mutation ($no: Boolean!) { a: add(item: "1") @include(if: $no) { turn } b: redeem(coupon: "x") { turn } }',
        {
          variables: {
            no: false,
          },
        },
      ),
    ).toEqual({ data: { b: { turn: 1 } } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['coupons']);
  });
});
