import { afterAll, beforeAll, expect, test } from 'vitest';

import { fixtureId, organizations } from '../../kit/fixture.ts';
import { person, startUsersWorld } from './users-world.ts';
import type { UsersWorld } from './users-world.ts';

let world: UsersWorld;
beforeAll(async () => {
  world = await startUsersWorld();
  // Joined in the reverse order of their ids, two of them in the same millisecond.
  await world.database.query(
    `UPDATE users.memberships SET created_at = CASE role
        WHEN 'OWNER' THEN timestamptz '2026-01-03' WHEN 'VIEWER' THEN '2026-01-01' ELSE '2026-01-02' END
      WHERE organization_id = $1`,
    [organizations.buying],
  );
});
afterAll(() => world[Symbol.asyncDispose]());

interface Page {
  organization: { members: { edges: { cursor: string; node: { role: string } }[]; pageInfo: Record<string, unknown> } };
}

async function page(args: Record<string, unknown>): Promise<Page['organization']['members']> {
  const { data } = await world.ask(
    person('viewer'),
    `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      organization(id: $id) {
        members(first: $first, after: $after, last: $last, before: $before) {
          edges { cursor node { role } }
          pageInfo { hasNextPage hasPreviousPage }
        }
      }
    }`,
    { id: fixtureId('Organization'), ...args },
  );
  return (data as Page).organization.members;
}

const joined = ['VIEWER', 'BILLING_MANAGER', 'BUYER', 'OWNER'];
const rolesOf = (members: Page['organization']['members']) => members.edges.map(({ node }) => node.role);

test('members come in the order of joining, those of the same moment by id, and paging forward meets each once', async () => {
  const first = await page({ first: 3 });
  expect(rolesOf(first)).toEqual(joined.slice(0, 3));
  expect(first.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
  const second = await page({ first: 3, after: first.edges.at(-1)!.cursor });
  expect(rolesOf(second)).toEqual(joined.slice(3));
  expect(second.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
});

test('paging backward hands out the same order', async () => {
  const last = await page({ last: 2 });
  expect(rolesOf(last)).toEqual(joined.slice(2));
  const before = await page({ last: 2, before: last.edges[0]!.cursor });
  expect(rolesOf(before)).toEqual(joined.slice(0, 2));
});

test('a cursor of one list is refused by another', async () => {
  const { edges } = await page({ first: 1 });
  const { errors, sql } = await world.ask(
    person('viewer'),
    'query ($after: String) { me { memberships(after: $after) { nodes { id } } } }',
    { after: edges[0]!.cursor },
  );
  expect(errors).toEqual(['me.memberships INVALID_CURSOR']);
  expect(sql).toHaveLength(1);
});

test('of the memberships of a fellow member only those in shared organizations are seen', async () => {
  await world.database.query(
    `INSERT INTO users.memberships (id, organization_id, user_id, role)
      SELECT gen_random_uuid(), $1, user_id, 'BUYER' FROM users.memberships WHERE role = 'VIEWER'`,
    [organizations.strangers],
  );
  const ask = async (caller: Parameters<typeof person>[0]) =>
    (
      await world.ask(
        person(caller),
        'query ($id: ID!) { user(id: $id) { memberships { nodes { organization { name } } totalCount } } }',
        { id: fixtureId('User') },
      )
    ).data;
  const inOrganizations = (...names: string[]) => ({
    user: { memberships: { nodes: names.map((name) => ({ organization: { name } })), totalCount: names.length } },
  });
  expect(await ask('organizationBuyer')).toEqual(inOrganizations('buying Ltd'));
  expect(await ask('stranger')).toEqual(inOrganizations('strangers Ltd'));
  expect(await ask('support')).toEqual(inOrganizations('buying Ltd', 'strangers Ltd'));
});
