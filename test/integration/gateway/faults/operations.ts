import type { MarketSubgraph } from './market.ts';

// What clients ask the market, and what they get.

export interface MarketOperation {
  query: string;
  variables?: Record<string, unknown>;
}

export interface ExpectedOperation extends MarketOperation {
  title: string;
  /** The data when every subgraph is well. */
  complete: unknown;
  /** What is left of them when one subgraph answers nothing; all of them, where a subgraph is not asked. */
  without: Partial<Record<MarketSubgraph, unknown>>;
}

const ada = { id: 'p1', name: 'Ada', tags: ['a', 'b'] };
const bob = { id: 'p2', name: 'Bob', tags: [] };
const lost = { level: null, orders: null };
const kite = { title: 'Kite', kind: 'TOY', sold: 7, maker: { name: 'Ada' } };
const emma = { title: 'Emma', kind: 'BOOK', sold: 7, maker: { name: 'Bob' } };
const named = { people: [{ name: 'Ada' }, { name: 'Bob' }] };
const titled = { products: [{ title: 'Kite' }, { title: 'Emma' }] };
const latest = { latest: { total: 20, isPaid: false } };
const lines = (tags: readonly [unknown, unknown]) => [
  { isPaid: true, lines: [{ count: 2, product: { title: 'Kite', price: 9.5, maker: { tags: tags[0] } } }] },
  { isPaid: false, lines: [{ count: 1, product: { title: 'Emma', price: 20, maker: { tags: tags[1] } } }] },
];

export const marketOperations: readonly ExpectedOperation[] = [
  {
    title: 'one entity from two subgraphs',
    query: '{ person(id: "p1") { name email profile level } }',
    complete: { person: { name: 'Ada', email: 'ada@example.com', profile: { likes: ['tea'] }, level: 3 } },
    without: {
      people: { person: null },
      orders: { person: { name: 'Ada', email: 'ada@example.com', profile: { likes: ['tea'] }, level: null } },
    },
  },
  {
    title: 'a list completed by another subgraph',
    query: '{ people { id name tags level orders { total } } }',
    complete: {
      people: [
        { ...ada, level: 3, orders: [{ total: 29 }] },
        { ...bob, level: 3, orders: [{ total: 20 }] },
      ],
    },
    without: { people: { people: null }, orders: { people: [{ ...ada, ...lost }, { ...bob, ...lost }] } }, // prettier-ignore
  },
  {
    title: 'a list that must not be missing',
    query: '{ products { title kind sold maker { name } } }',
    complete: { products: [kite, emma] },
    without: {
      people: { products: [{ ...kite, maker: null }, { ...emma, maker: null }] }, // prettier-ignore
      goods: null,
      orders: null,
    },
  },
  {
    title: 'a field that needs one of another subgraph',
    query: '{ product(id: "g1") { price label } }',
    complete: { product: { price: 9.5, label: 'g1: Kite' } },
    without: { goods: { product: null }, orders: { product: { price: 9.5, label: null } } },
  },
  {
    title: 'all subgraphs side by side',
    query: '{ people { name } products { title } latest { total isPaid } }',
    complete: { ...named, ...titled, ...latest },
    without: {
      people: { people: null, ...titled, ...latest },
      goods: null,
      orders: { ...named, ...titled, latest: null },
    },
  },
  {
    title: 'one subgraph after another, and the first again',
    query: '{ orders { total buyer { name friends { email level } } } }',
    complete: {
      orders: [
        { total: 29, buyer: { name: 'Ada', friends: [{ email: null, level: 3 }] } },
        { total: 20, buyer: { name: 'Bob', friends: [{ email: 'ada@example.com', level: 3 }] } },
      ],
    },
    without: { people: { orders: null }, orders: { orders: null } },
  },
  {
    title: 'a union',
    query: '{ search { __typename ... on Product { title sold } ... on Voucher { code worth } } }',
    complete: {
      search: [
        { __typename: 'Product', title: 'Kite', sold: 7 },
        { __typename: 'Voucher', code: 'SPRING', worth: 5 },
      ],
    },
    without: { goods: { search: null }, orders: { search: null } },
  },
  {
    title: 'a mutation',
    query: 'mutation { rename(id: "p1", name: "Eve") { name level } }',
    complete: { rename: { name: 'Eve', level: 3 } },
    without: { people: { rename: null }, orders: { rename: { name: 'Eve', level: null } } },
  },
  {
    title: 'aliases, fragments and conditions',
    query: `query ($yes: Boolean!, $id: ID!) {
      first: person(id: "p1") { ...Card }
      second: person(id: $id) { ...Card friends @skip(if: $yes) { name } }
    }
    fragment Card on Person { called: name rank: level @include(if: $yes) }`,
    variables: { yes: true, id: 'p2' },
    complete: { first: { called: 'Ada', rank: 3 }, second: { called: 'Bob', rank: 3 } },
    without: {
      people: { first: null, second: null },
      orders: { first: { called: 'Ada', rank: null }, second: { called: 'Bob', rank: null } },
    },
  },
  {
    title: 'lists within lists',
    query: '{ orders { isPaid lines { count product { title price maker { tags } } } } }',
    complete: { orders: lines([['a', 'b'], []]) },
    without: {
      people: { orders: lines([null, null]) },
      goods: { orders: [{ isPaid: true, lines: null }, { isPaid: false, lines: null }] }, // prettier-ignore
      orders: { orders: null },
    },
  },
];
