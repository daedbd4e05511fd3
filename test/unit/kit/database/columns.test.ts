import { expect, test } from 'vitest';

import { columnsOf } from '@tributary/kit/database/columns';

test('a SELECT list names each column under its property, in the order of the entity', () => {
  const columns = {
    id: { type: 'uuid', primary: true },
    amountMinor: { name: 'amount_minor', type: 'bigint' },
    placedAt: { name: 'placed_at', type: 'timestamptz' },
  };
  const entity = { options: { name: 'Order', columns } } as unknown as Parameters<typeof columnsOf>[0];
  const { text, values } = columnsOf(entity, 'o');
  expect(text).toBe('o.id AS "id", o.amount_minor AS "amountMinor", o.placed_at AS "placedAt"');
  expect(values).toEqual([]);
});
