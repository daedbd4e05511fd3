import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema, Kind, OperationTypeNode, parse } from 'graphql';
import { expect, test } from 'vitest';

import type { SubgraphTransport } from '@tributary/gateway';
import { createAnswerTexts } from '@tributary/gateway/answer-texts';
import { createEngine } from '@tributary/gateway/execution/engine';
import type { PlanExecutorDeps } from '@tributary/gateway/execution/plan-executor';

import { callWith, createScriptedTransport } from '../transport/scripted-transport.ts';

const schema = buildSchema(`
  type Query { shelf: Shelf }
  type Shelf { id: ID! books: [Book] }
  type Book { id: ID! title: String price: Int owner: Owner }
  type Owner { id: ID! name: String note: String }
`);

const root = (serviceName: string, operation: string): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
});
const field = (name: string): QueryPlanSelectionNode => ({ kind: 'Field', name });
const entities = (serviceName: string, type: string, selections: string): FetchNode => ({
  ...root(
    serviceName,
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${selections} } } }`,
  ),
  variableUsages: [],
  requires: [{ kind: 'InlineFragment', typeCondition: type, selections: [field('__typename'), field('id')] }],
});
const at = (path: string, node: PlanNode): PlanNode => ({ kind: 'Flatten', path: path.split('.'), node });

const book = (id: string) => ({ __typename: 'Book', id });
const later = <Value>(value: Value, ms: number) => new Promise<Value>((resolve) => setTimeout(resolve, ms, value));

/** A subgraph that answers every fetch with the same, or adds a field to each book. */
function subgraph(
  name: string,
  data: Record<string, unknown> | ((id: string) => object),
  delayMs = 0,
): SubgraphTransport {
  return {
    ...createScriptedTransport(),
    name,
    execute: async ({ variables }) => {
      const asked = (variables?.representations ?? []) as { id: string }[];
      const answer = typeof data === 'function' ? { _entities: asked.map(({ id }) => data(id)) } : data;
      return later({ data: answer, errors: [] }, delayMs);
    },
  };
}

async function run(node: PlanNode, transports: readonly SubgraphTransport[], query: string) {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The document has no operation.');
  const plan: QueryPlan = { kind: 'QueryPlan', node };
  const supergraph = { apiSchema: schema, fullSchema: schema } as PlanExecutorDeps['supergraph'];
  const byName = new Map(transports.map((each) => [each.name, each]));
  const engine = createEngine({ supergraph, transports: byName, answerTexts: createAnswerTexts() });
  const { data } = await engine.prepare({ plan, document, operation }).execute({ variables: {}, call: callWith() });
  return data;
}

test('a fetch asks about the objects that are there when it begins, also where an earlier one with the same requirements saw others', async () => {
  const plan: PlanNode = {
    kind: 'Sequence',
    nodes: [
      root('shelves', '{ shelf { __typename id books { __typename id } } }'),
      {
        kind: 'Parallel',
        nodes: [
          at('shelf', entities('deliveries', 'Shelf', 'books { __typename id }')),
          at('shelf.books.@', entities('titles', 'Book', 'title')),
        ],
      },
      at('shelf.books.@', entities('prices', 'Book', 'price')),
    ],
  };
  const transports = [
    subgraph('shelves', { shelf: { __typename: 'Shelf', id: 's', books: [book('1')] } }),
    subgraph('deliveries', () => ({ books: [book('1'), book('2')] }), 20),
    subgraph('titles', (id) => ({ title: `Book ${id}` })),
    subgraph('prices', (id) => ({ price: Number(id) * 100 })),
  ];
  const data = await run(plan, transports, '{ shelf { books { id title price } } }');
  expect(data).toEqual({
    shelf: {
      books: [
        { id: '1', title: null, price: 100 },
        { id: '2', title: null, price: 200 },
      ],
    },
  });
});

test('objects that are equal stay apart where another fetch still tells them apart', async () => {
  const owner = { __typename: 'Owner', id: 'o' };
  const plan: PlanNode = {
    kind: 'Sequence',
    nodes: [
      root('shelves', '{ shelf { books { __typename id owner { __typename id } } } }'),
      {
        kind: 'Parallel',
        nodes: [
          at('shelf.books.@.owner', entities('people', 'Owner', 'name')),
          at('shelf.books.@', entities('notes', 'Book', 'owner { note }')),
        ],
      },
    ],
  };
  const transports = [
    subgraph('shelves', { shelf: { books: ['1', '2'].map((id) => ({ ...book(id), owner: { ...owner } })) } }),
    subgraph('people', () => ({ name: 'Jane' })),
    subgraph('notes', (id) => ({ owner: { note: `from book ${id}` } })),
  ];
  expect(await run(plan, transports, '{ shelf { books { owner { name note } } } }')).toEqual({
    shelf: { books: ['1', '2'].map((id) => ({ owner: { name: 'Jane', note: `from book ${id}` } })) },
  });
});
