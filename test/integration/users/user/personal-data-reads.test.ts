import { expect, test, vi } from 'vitest';

import { createLogger } from '@tributary/kit';
import type { Principal } from '@tributary/kit';

import { fixtureId, people } from '../../../kit/fixture.ts';
import { person, startUsersWorld } from '../users-world.ts';

const query = `query ($user: ID!, $organization: ID!) {
  user(id: $user) { email phone addresses { address { city } } memberships { nodes { organization { members { nodes { user { email } } } } } } }
  organization(id: $organization) { members(first: 1) { nodes { user { emailVerified } } } }
  me { email phone }
}`;
const variables = { user: fixtureId('User'), organization: fixtureId('Organization') };

async function logOf(principal: Principal): Promise<unknown[][]> {
  const logger = createLogger({ level: 'silent', name: 'test' });
  const info = vi.fn();
  vi.spyOn(logger, 'child').mockReturnValue({ ...logger, info } as never);
  await using world = await startUsersWorld({ logger });
  await world.ask(principal, query, variables);
  return info.mock.calls;
}

test('what staff read of others is one log line per operation, with ids and field names only', async () => {
  const { organizationOwner, billingManager, organizationBuyer, viewer } = people;
  expect(await logOf(person('support'))).toEqual([
    [
      {
        requestId: 'test',
        principalId: people.support,
        reads: [
          {
            field: 'email',
            userIds: expect.toSatisfy(
              (ids: string[]) =>
                ids.toSorted().join() === [organizationOwner, billingManager, organizationBuyer, viewer].join(),
            ) as unknown,
          },
          { field: 'phone', userIds: [viewer] },
          { field: 'addresses', userIds: [viewer] },
          { field: 'emailVerified', userIds: [organizationOwner] },
        ],
      },
      'personal data read',
    ],
  ]);
});

test('an address that staff reach by its own id is noted as well', async () => {
  const logger = createLogger({ level: 'silent', name: 'test' });
  const info = vi.fn();
  vi.spyOn(logger, 'child').mockReturnValue({ ...logger, info } as never);
  await using world = await startUsersWorld({ logger });
  await world.ask(
    person('admin'),
    'query ($all: [_Any!]!) { _entities(representations: $all) { ... on AddressBookEntry { address { city } } } }',
    { all: [{ __typename: 'AddressBookEntry', id: fixtureId('AddressBookEntry') }] },
  );
  expect(info).toHaveBeenCalledWith(
    expect.objectContaining({ reads: [{ field: 'addresses', userIds: [people.viewer] }] }),
    'personal data read',
  );
});

test('what people read of themselves and of their members leaves no log line', async () => {
  expect(await logOf(person('organizationOwner'))).toEqual([]);
});
