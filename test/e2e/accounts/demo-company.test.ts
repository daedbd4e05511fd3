import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { DEVELOPMENT_ISSUER } from '@tributary/app/seed/index';
import type { PersonaName } from '@tributary/app/seed/index';

import { startTestGraph } from '../../kit/graph.ts';
import type { TestGraph } from '../../kit/graph.ts';
import { personaSubject } from '../../kit/personas.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';

// The accounts of the demo company as its people change them, with the subgraphs in processes' distance.

describe.each(['in-process', 'http'] as const)('over the transport %s', (transport) => {
  let database: TestDatabase;
  let graph: TestGraph;
  beforeAll(async () => {
    database = await startTestPostgres({ seed: 'demo' });
    graph = await startTestGraph({ database, transport, issuer: DEVELOPMENT_ISSUER });
  });
  afterAll(async () => {
    await graph[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function ask<Data>(as: PersonaName, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { data, errors } = await graph.ask({ query, variables, as: personaSubject(as) });
    expect(errors).toBeUndefined();
    return data as Data;
  }

  interface Me {
    me: { id: string; version: number; email: string; addresses: { label: string; isDefault: boolean }[] };
  }
  const me = (as: PersonaName) => ask<Me>(as, '{ me { id version email addresses { label isDefault } } }');

  test('the customer changes their profile and their default address', async () => {
    const { id, version, addresses } = (await me('customer')).me;
    expect(addresses.map(({ label }) => label)).toEqual(['Home', 'Office']);
    const changed = await ask(
      'customer',
      `mutation ($profile: UserUpdateInput!, $address: AddressSaveInput!) {
        userUpdate(input: $profile) { user { displayName locale version } userErrors { code } }
        addressSave(input: $address) { entry { label address { city country } } userErrors { code } }
      }`,
      {
        profile: { id, expectedVersion: version, displayName: 'Mara Linden', locale: 'de-AT' },
        address: {
          userId: id,
          label: 'Parents',
          isDefault: true,
          address: { recipient: 'Mara Linden', line1: 'Ring 1', city: 'Wien', postalCode: '1010', country: 'AT' },
        },
      },
    );
    expect(changed).toEqual({
      userUpdate: { user: { displayName: 'Mara Linden', locale: 'de-AT', version: version + 1 }, userErrors: [] },
      addressSave: { entry: { label: 'Parents', address: { city: 'Wien', country: 'AT' } }, userErrors: [] },
    });
    expect((await me('customer')).me.addresses).toEqual([
      { label: 'Home', isDefault: false },
      { label: 'Office', isDefault: false },
      { label: 'Parents', isDefault: true },
    ]);
  });

  test('the customer founds an organization and sees it in the answer, and again when the answer was lost', async () => {
    const found = () =>
      ask<{ organizationCreate: unknown }>(
        'customer',
        `mutation ($input: OrganizationCreateInput!) {
          organizationCreate(input: $input) {
            organization { name taxId members { nodes { role user { displayName } } } }
            userErrors { code }
          }
        }`,
        {
          input: {
            name: 'Linden Studio',
            legalName: 'Linden Studio GmbH',
            kind: 'BUYER',
            country: 'AT',
            taxId: 'ATU 1',
            idempotencyKey: '0f8fad5b-d9cb-469f-a165-70867728950e',
          },
        },
      );
    const first = await found();
    expect(first.organizationCreate).toMatchObject({
      organization: { name: 'Linden Studio', taxId: 'ATU 1', members: { nodes: [{ role: 'OWNER' }] } },
      userErrors: [],
    });
    expect(await found()).toEqual(first);
  });

  test('the buyer takes the customer into their organization by address, and lets them go', async () => {
    const { email } = (await me('customer')).me;
    type Own = { me: { memberships: { nodes: { organization: { id: string } }[] } } };
    const own = await ask<Own>('buyer', '{ me { memberships { nodes { organization { id } } } } }');
    const set = await ask<{ membershipSet: { membership: { id: string } } }>(
      'buyer',
      `mutation ($input: MembershipSetInput!) {
        membershipSet(input: $input) { membership { id role user { email } } userErrors { code } }
      }`,
      { input: { organizationId: own.me.memberships.nodes[0]!.organization.id, email, role: 'VIEWER' } },
    );
    expect(set).toMatchObject({ membershipSet: { membership: { role: 'VIEWER', user: { email } }, userErrors: [] } });
    const { id } = set.membershipSet.membership;
    expect(
      await ask(
        'buyer',
        'mutation ($id: ID!) { membershipRemove(input: { id: $id }) { removedId userErrors { code } } }',
        { id },
      ),
    ).toEqual({ membershipRemove: { removedId: id, userErrors: [] } });
  });
});
