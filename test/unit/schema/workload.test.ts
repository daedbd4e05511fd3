import { apiSdl, partnerSdl, workloadDocument } from '@tributary/schema';
import { Kind, buildSchema, parse, validate } from 'graphql';
import type { DocumentNode } from 'graphql';
import { expect, test } from 'vitest';

const workload = parse(workloadDocument());

function operation(name: string): DocumentNode {
  return {
    kind: Kind.DOCUMENT,
    definitions: workload.definitions.filter(
      (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.name?.value === name,
    ),
  };
}

test('the workload consists of eight reads and a checkout', () => {
  const names = workload.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((definition) => definition.name?.value);
  expect(names).toEqual([
    'StorefrontCatalog',
    'CheckoutPlaceOrder',
    'MyOrders',
    'OrderDetail',
    'SupportOrderSearch',
    'SupportCustomer360',
    'FinanceOverdueInvoices',
    'PartnerOrderSync',
    'RefetchNodes',
  ]);
});

test('every operation of the workload is valid against the API schema', () => {
  expect(validate(buildSchema(apiSdl()), workload)).toEqual([]);
});

test.each(['StorefrontCatalog', 'PartnerOrderSync', 'RefetchNodes'])(
  'a partner can run %s within the partner contract',
  (name) => {
    expect(validate(buildSchema(partnerSdl()), operation(name))).toEqual([]);
  },
);
