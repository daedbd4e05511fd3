import { expect, test } from 'vitest';

import { buyerErrors } from '@tributary/orders/buyer/named-buyer';
import type { BuyerStanding } from '@tributary/orders/buyer/named-buyer';

const ORGANIZATION = '01920000-0002-7000-8000-000000000001';
const BUYER: BuyerStanding = { status: 'ACTIVE', organizationExists: true, roles: ['BUYER'] };

const refusals = (organizationId: string | null, changes: Partial<BuyerStanding>) =>
  buyerErrors({ organizationId }, { ...BUYER, ...changes }).map(({ code, field }) => `${code} ${field?.at(-1) ?? ''}`);

test.each<[string, string | null, Partial<BuyerStanding>, string[]]>([
  ['a member who may order', ORGANIZATION, {}, []],
  ['an owner', ORGANIZATION, { roles: ['OWNER'] }, []],
  ['a billing manager', ORGANIZATION, { roles: ['BILLING_MANAGER'] }, []],
  ['one whose two memberships overlap in the news', ORGANIZATION, { roles: ['VIEWER', 'BUYER'] }, []],
  ['somebody invited', ORGANIZATION, { status: 'INVITED' }, []],
  ['a person alone', null, { organizationExists: false, roles: [] }, []],
  ['a viewer', ORGANIZATION, { roles: ['VIEWER'] }, ['NOT_FOUND buyerId']],
  ['a member by a role that is not known here', ORGANIZATION, { roles: ['AUDITOR'] }, ['NOT_FOUND buyerId']],
  ['a stranger', ORGANIZATION, { roles: [] }, ['NOT_FOUND buyerId']],
  ['a stranger who is suspended', ORGANIZATION, { roles: [], status: 'SUSPENDED' }, ['NOT_FOUND buyerId']],
  ['nobody', null, { status: null, organizationExists: false, roles: [] }, ['NOT_FOUND buyerId']],
  ['somebody erased', null, { status: 'ERASED' }, ['NOT_FOUND buyerId']],
  ['somebody suspended', ORGANIZATION, { status: 'SUSPENDED' }, ['INVALID_STATE buyerId']],
  ['an organization that is not there', ORGANIZATION, { organizationExists: false, roles: [] }, ['NOT_FOUND organizationId']], // prettier-ignore
  ['nobody of nowhere', ORGANIZATION, { status: null, organizationExists: false, roles: [] }, ['NOT_FOUND organizationId', 'NOT_FOUND buyerId']], // prettier-ignore
])('%s', (_, organizationId, standing, expected) => {
  expect(refusals(organizationId, standing)).toEqual(expected);
});
