import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER, personas } from '@tributary/app/seed/index';
import type { PersonaName } from '@tributary/app/seed/index';
import { workloadDocument } from '@tributary/schema';

import { asPersona, NOBODY, OWN_TOKEN } from '../../../app/explorer/src/caller/caller.ts';
import type { Caller } from '../../../app/explorer/src/caller/caller.ts';
import { prepareExample } from '../../../app/explorer/src/examples/prepare-example.ts';
import { readWorkload } from '../../../app/explorer/src/examples/workload.ts';
import type { Graph } from '../../../app/explorer/src/graph/graph.ts';
import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import { personaSubject } from '../../kit/personas.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The explorer's examples on the demo company: each is made ready as the page does it, and then run.

const examples = readWorkload(workloadDocument());
const reads = examples.filter(({ operation }) => operation === 'query');
const names = Object.keys(personas);

let database: TestDatabase;
let server: TestGraph;
beforeAll(async () => {
  database = await startTestPostgres({ seed: 'demo' });
  server = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const subjectOf = (caller: Caller) =>
  caller.kind === 'persona' ? personaSubject(caller.persona as PersonaName) : undefined;

const graph: Pick<Graph, 'ask'> = {
  async ask<Data>(caller: Caller, query: string, variables?: Record<string, unknown>) {
    const { data, errors } = await server.ask({ query, variables, as: subjectOf(caller) });
    return { data: data as Data, errors: errors?.map(({ message }) => ({ message })) ?? [] };
  },
};

const prepare = (example: (typeof examples)[number], current: Caller = NOBODY, known: readonly string[] = names) =>
  prepareExample(example, { graph, current, personas: known, now: new Date() });

test.each(reads)('$name is ready to run and finds rows', async (example) => {
  const { caller, variables, notice } = await prepare(example);
  expect(notice).toBeNull();
  const { data, errors } = await server.ask({
    query: example.text,
    variables: variables === '' ? {} : (JSON.parse(variables) as Record<string, unknown>),
    operationName: example.name,
    as: subjectOf(caller),
  });
  expect(errors).toBeUndefined();
  const [root] = Object.values(data!);
  const rows = Array.isArray(root) ? root : ((root as { nodes?: unknown[] }).nodes ?? [root]);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows).not.toContain(null);
});

test('where there are no personas, an example is asked as whoever is there, and says what it could not find', async () => {
  const detail = reads.find(({ name }) => name === 'OrderDetail')!;
  expect(await prepare(detail, NOBODY, [])).toMatchObject({
    caller: NOBODY,
    variables: JSON.stringify({ id: null }, null, 2),
    notice: expect.stringMatching(/^(Give id a value|Its variables could not be looked up)/) as string,
  });
});

test('whoever brought a token keeps it', async () => {
  for (const example of reads) expect((await prepare(example, OWN_TOKEN)).caller).toBe(OWN_TOKEN);
});

test('an operation nobody wrote a recipe for is offered with its variables left open', async () => {
  const [unknown] = readWorkload('query Unheard($id: ID!, $after: String) { order(id: $id) { id } }');
  expect(await prepare(unknown!, asPersona('support'))).toEqual({
    caller: asPersona('support'),
    variables: JSON.stringify({ id: null }, null, 2),
    notice: 'Give id a value before you run it.',
  });
});

const [checkout] = readWorkload(
  'mutation CheckoutPlaceOrder($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } } }',
);

test('placing an order is offered with a fresh draft, the total of it and the saved card', async () => {
  const { caller, variables, notice } = await prepare(checkout!);
  expect({ caller, notice }).toEqual({ caller: asPersona('customer'), notice: null });
  const { input } = JSON.parse(variables) as { input: { id: string; expectedVersion: number; expectedTotal: object } };
  expect(input).toMatchObject({
    idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    paymentMethodId: expect.stringMatching(/^pmm_/) as string,
  });
  const { data } = await server.ask({
    query: 'query ($id: ID!) { order(id: $id) { status version total { amountMinor currency } } }',
    variables: { id: input.id },
    as: subjectOf(caller),
  });
  expect(data).toEqual({ order: { status: 'DRAFT', version: input.expectedVersion, total: input.expectedTotal } });
});

test('opening an example writes nothing for whoever brought a token', async () => {
  const { variables, notice } = await prepare(checkout!, OWN_TOKEN);
  expect(JSON.parse(variables)).toEqual({ input: null });
  expect(notice).toBe('Its variables could not be looked up: what it needs is saved for development identities only.');
});
