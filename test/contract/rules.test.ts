import { getNamedType, isLeafType } from 'graphql';
import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { defineBillingSubgraph } from '@tributary/billing';
import { createInvoicePdfLinks } from '@tributary/billing/invoice/invoice-pdf-links';
import { createSubgraph, everyone, systemClock, VALUE_TYPE } from '@tributary/kit';
import type { Permissions, Principal, RequestContext, Subgraph, SubgraphDefinition, Walls } from '@tributary/kit';
import { toGlobalId } from '@tributary/kit/ids';
import { defineOrdersSubgraph } from '@tributary/orders';
import { createUsersSubgraph, defineUsersSubgraph } from '@tributary/users';

import { fixtureId, insertFixture, organizations, people, waitingPayment } from '../kit/fixture.ts';
import type { FixtureType } from '../kit/fixture.ts';
import { startTestPostgres } from '../kit/postgres.ts';
import type { TestDatabase } from '../kit/postgres.ts';
import { documentLinks, subgraphDependencies } from '../kit/subgraph.ts';
import { tryToSubscribe } from '../kit/subscriber.ts';
import { SUBGRAPHS } from '../kit/test-database.ts';
import type { SubgraphName } from '../kit/test-database.ts';
import { resolveCallers } from './directory.ts';
import { MUTATION_MATRIX } from './mutation-matrix.ts';
import type { MutationRow } from './mutation-matrix.ts';
import { SUBSCRIPTION_MATRIX } from './subscription-matrix.ts';

// The permission rules, proved with the row predicates taken down: each rule by itself keeps somebody out, and without it that
// caller gets through. So no rule is decoration, and each one is tested. The two parts of a rule are taken apart: what
// `permissions.ts` says, and the scopes that the contract demands.

const links = createInvoicePdfLinks({ publicBaseUrl: documentLinks.publicBaseUrl, key: documentLinks.linkKey });
const definitions = {
  users: defineUsersSubgraph(),
  orders: defineOrdersSubgraph({ clock: systemClock }),
  billing: defineBillingSubgraph(links),
} as unknown as Record<SubgraphName, SubgraphDefinition<RequestContext>>;

let database: TestDatabase;
/** Callers of the matrix, and each of them once more without one of their scopes. */
const callers = new Map<string, Principal | null>();

beforeAll(async () => {
  database = await startTestPostgres();
  await insertFixture(database.client);
  const users = await createUsersSubgraph(dependenciesOf('users'));
  for (const [caller, principal] of await resolveCallers(users.findPrincipal)) {
    callers.set(caller, principal);
    for (const scope of principal?.scopes ?? [])
      callers.set(`${caller} without ${scope}`, {
        ...principal!,
        scopes: principal!.scopes.filter((each) => each !== scope),
      });
  }
  await users.stop();
});
afterAll(() => database[Symbol.asyncDispose]());

const dependenciesOf = (name: SubgraphName, walls: Partial<Walls> = {}) => subgraphDependencies(name, database, walls);

/** Fields that have a rule, by coordinate; `closed` ones included. Mutations of accounts have a matrix of their own below `test/e2e`. */
function ruledFields({ permissions }: { permissions: Permissions }): string[] {
  return Object.entries(permissions).flatMap(([type, entry]) =>
    entry === VALUE_TYPE
      ? []
      : Object.keys(entry).flatMap((field) => (type === 'Mutation' && !mutationRow(field) ? [] : `${type}.${field}`)),
  );
}

const mutationRow = (field: string) => MUTATION_MATRIX.find(({ mutation }) => mutation === field);

const ruleOf = ({ permissions }: { permissions: Permissions }, coordinate: string) => {
  const [type, field] = coordinate.split('.') as [string, string];
  const entry = permissions[type];
  if (entry === undefined || entry === VALUE_TYPE) throw new Error(`${coordinate} has no rule.`);
  return entry[field]!;
};

/** The same subgraph with every permission rule public; the contract's requirements stay. */
const withoutPermissions = (definition: SubgraphDefinition<RequestContext>): SubgraphDefinition<RequestContext> => ({
  ...definition,
  permissions: mapRules(definition.permissions, () => everyone),
});

/** The same subgraph without the contract's requirements; the permission rules stay. */
const withoutRequirements = (definition: SubgraphDefinition<RequestContext>): SubgraphDefinition<RequestContext> => ({
  ...definition,
  requirements: {},
  permissions: mapRules(definition.permissions, (rule) => (rule.kind === 'contract' ? everyone : rule)),
});

type Rule = Exclude<Permissions[string], typeof VALUE_TYPE>[string];
const mapRules = (permissions: Permissions, map: (rule: Rule) => Rule): Permissions =>
  Object.fromEntries(
    Object.entries(permissions).map(([type, entry]) => [
      type,
      entry === VALUE_TYPE
        ? entry
        : Object.fromEntries(Object.entries(entry).map(([field, rule]) => [field, map(rule)])),
    ]),
  );

/** Values other subgraphs supply, and the ids the representations carry. */
const REPRESENTATIONS: Partial<Record<string, Record<string, unknown>>> = {
  Order: {
    paymentStatus: 'PAID',
    total: { amountMinor: '2780', currency: 'EUR' },
    canceledAt: null,
    buyerId: toGlobalId('User', people.buyer),
    organizationId: toGlobalId('Organization', organizations.buying),
    partnerOrganizationId: toGlobalId('Organization', organizations.partner),
  },
};
const ROOT_ARGUMENTS: Partial<Record<string, string>> = {
  user: `(id: "${fixtureId('User')}")`,
  organization: `(id: "${fixtureId('Organization')}")`,
  product: `(id: "${fixtureId('Product')}")`,
  order: `(id: "${fixtureId('Order')}")`,
  invoice: `(id: "${fixtureId('Invoice')}")`,
};

/** What a caller gets of one field, asked of the subgraph itself: a value, a null, or the codes of a refusal. */
async function verdict(subgraph: Subgraph, coordinate: string, principal: Principal | null): Promise<string> {
  const [typeName, field] = coordinate.split('.') as [string, string];
  const type = subgraph.schema.getType(typeName) as GraphQLObjectType;
  const found = type.getFields()[field]!;
  const below = isLeafType(getNamedType(found.type)) ? '' : ' { __typename }';
  const row = typeName === 'Mutation' ? mutationRow(field) : undefined;
  if (row) return mutationVerdict(subgraph, row, principal);
  if (typeName === 'Subscription') return subscriptionVerdict(subgraph, field, principal);
  const { query, variables } = operationFor(
    typeName,
    `sought: ${field}${ROOT_ARGUMENTS[field] && typeName === 'Query' ? ROOT_ARGUMENTS[field] : ''}${below}`,
    coordinate,
  );
  const call = { principal, requestId: 'test', deadline: Date.now() + 60_000 };
  const { data, errors } = await subgraph.execute({ query, variables }, call);
  const object = (data?._entities as unknown[] | undefined)?.[0] ?? data?.viewer ?? data;
  const value = (object as Record<string, unknown> | null | undefined)?.sought;
  if (errors) return errors.map(({ extensions }) => extensions.code).join();
  return value === null || value === undefined ? 'null' : 'value';
}

/** The same of a mutation that changes nothing; a payload with user errors is a value. */
async function mutationVerdict(subgraph: Subgraph, { mutation, input }: MutationRow, principal: Principal | null) {
  const type = String(subgraph.schema.getMutationType()!.getFields()[mutation]!.args[0]!.type);
  const call = { principal, requestId: 'test', deadline: Date.now() + 60_000 };
  const query = `mutation ($input: ${type}) { sought: ${mutation}(input: $input) { __typename } }`;
  const { data, errors } = await subgraph.execute({ query, variables: { input } }, call);
  return errors?.map(({ extensions }) => extensions.code).join() ?? (data?.sought ? 'value' : 'null');
}

/** The same of a subscription, which is left as soon as it has started. */
async function subscriptionVerdict(subgraph: Subgraph, field: string, principal: Principal | null) {
  const { of } = SUBSCRIPTION_MATRIX.find((row) => row.field === field)!;
  const outcome = await tryToSubscribe(subgraph, principal, `subscription { ${field}(${of}) { type } }`);
  return outcome === 'started' ? 'value' : outcome;
}

function operationFor(type: string, selection: string, coordinate: string) {
  if (type === 'Query') return { query: `{ ${selection} }`, variables: {} };
  if (type === 'Viewer') return { query: `{ viewer { ${selection} } }`, variables: {} };
  const id =
    coordinate === 'Payment.nextActionUrl' ? toGlobalId('Payment', waitingPayment) : fixtureId(type as FixtureType);
  return {
    query: `query ($references: [_Any!]!) { _entities(representations: $references) { ... on ${type} { ${selection} } } }`,
    variables: { references: [{ __typename: type, id, ...REPRESENTATIONS[type] }] },
  };
}

describe.each(SUBGRAPHS)('the permission rules of %s', (name) => {
  const definition = definitions[name];
  let guarded: Subgraph;
  let unruled: Subgraph;
  let unrequired: Subgraph;
  beforeAll(async () => {
    const start = (each: SubgraphDefinition<RequestContext>) =>
      createSubgraph(each, dependenciesOf(name, { rows: false }));
    guarded = await start(definition);
    unruled = await start(withoutPermissions(definition));
    unrequired = await start(withoutRequirements(definition));
  });
  afterAll(() => Promise.all([guarded.stop(), unruled.stop(), unrequired.stop()]));

  const whoGetsThrough = async (weakened: Subgraph, coordinate: string) => {
    for (const [caller, principal] of callers) {
      const before = await verdict(guarded, coordinate, principal);
      if (before !== 'value' && (await verdict(weakened, coordinate, principal)) !== before) return caller;
    }
    return null;
  };

  const ruled = ruledFields(definition).filter(
    (field) => !['public', 'contract'].includes(ruleOf(definition, field).kind),
  );
  test.each(ruled)('the rule of %s alone keeps somebody out', async (coordinate) => {
    expect(await whoGetsThrough(unruled, coordinate)).not.toBeNull();
  });

  // Where a rule stands, "authenticated" adds nothing to it: an anonymous caller meets no rule's condition.
  const required = ruledFields(definition).filter((field) => {
    const requirement = definition.requirements[field];
    return (
      requirement && (requirement.scopes.length > 0 || ['public', 'contract'].includes(ruleOf(definition, field).kind))
    );
  });
  test.each(required)('what the contract demands for %s alone keeps somebody out', async (coordinate) => {
    expect(await whoGetsThrough(unrequired, coordinate)).not.toBeNull();
  });
});

describe('the rows', () => {
  /** Types whose rows not everybody sees. */
  const guardedTypes: readonly [SubgraphName, FixtureType][] = [
    ['users', 'AddressBookEntry'],
    ['users', 'Organization'],
    ['users', 'Membership'],
    ['users', 'ApiClient'],
    ['orders', 'Order'],
    ['orders', 'OrderLine'],
    ['orders', 'Shipment'],
    ['orders', 'OrderReturn'],
    ['billing', 'Invoice'],
    ['billing', 'Payment'],
    ['billing', 'Refund'],
    ['billing', 'CreditNote'],
    ['billing', 'BillingAccount'],
    ['billing', 'PaymentMethod'],
  ];
  test.each(guardedTypes)('of %s keep strangers from a %s by themselves', async (name, type) => {
    const stranger = callers.get('stranger')!;
    const start = (walls: Partial<Walls>) => createSubgraph(definitions[name], dependenciesOf(name, walls));
    const rowsOnly = await start({ rules: false });
    const nothing = await start({ rules: false, rows: false });
    expect(await verdict(rowsOnly, `${type}.id`, stranger)).toBe('NOT_FOUND');
    expect(await verdict(nothing, `${type}.id`, stranger)).toBe('value');
    await Promise.all([rowsOnly.stop(), nothing.stop()]);
  });
});
