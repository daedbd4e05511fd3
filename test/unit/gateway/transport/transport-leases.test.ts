import { expect, test } from 'vitest';

import { SupergraphError } from '@tributary/gateway';
import { leaseMade } from '@tributary/gateway/transport/transport-leases';

function createLeases() {
  const events: string[] = [];
  const leases = leaseMade(({ name, url }) => {
    if (url === '') throw new SupergraphError(`There is no way to ${name}.`);
    events.push(`made ${name} ${url}`);
    return {
      name,
      execute: async () => ({ data: null, errors: [] }),
      subscribe: async () => ({ data: null, errors: [] }),
      isReady: async () => true,
      stop: async () => void events.push(`stopped ${name} ${url}`),
    };
  });
  return { leases, take: () => events.splice(0) };
}

const at = (...urls: string[]) => urls.map((url) => ({ name: url.charAt(0), url }));

test('a subgraph that two supergraphs have is reached by one transport, and the others go with the last that uses them', async () => {
  const { leases, take } = createLeases();
  const old = leases.lease(at('a1', 'b1', 'c1'));
  const next = leases.lease(at('a1', 'b2'));
  expect(take()).toEqual(['made a a1', 'made b b1', 'made c c1', 'made b b2']);
  expect(next.byName.get('a')).toBe(old.byName.get('a'));
  await old.release();
  expect(take()).toEqual(['stopped b b1', 'stopped c c1']);
  await leases.stop();
  expect(take()).toEqual(['stopped a a1', 'stopped b b2']);
});

test('a supergraph with subgraphs that cannot be reached is refused with all their names, and keeps nothing', () => {
  const { leases, take } = createLeases();
  const refused = [{ name: 'x', url: '' }, ...at('a1'), { name: 'y', url: '' }];
  expect(() => leases.lease(refused)).toThrow(new SupergraphError('There is no way to x.\nThere is no way to y.'));
  expect(take()).toEqual(['made a a1', 'stopped a a1']);
});
