import { expect, test } from 'vitest';

import { availableQuantity } from '@tributary/orders/catalog/variant';

const variant = { id: '', productId: '', sku: 'LAMP-1', title: 'White', position: 1 };

test.each([
  [10, 2, 8],
  [2, 2, 0],
  [0, 0, 0],
])('of %i units on hand with %i reserved, %i can be promised', (stockOnHand, stockReserved, expected) => {
  expect(availableQuantity({ ...variant, stockOnHand, stockReserved })).toBe(expected);
});

test('stock that is not tracked is unknown, not zero', () => {
  expect(availableQuantity({ ...variant, stockOnHand: null, stockReserved: 0 })).toBeNull();
});
