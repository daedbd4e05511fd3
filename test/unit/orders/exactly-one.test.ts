import { expect, test } from 'vitest';

import { exactlyOne } from '@tributary/orders/exactly-one';

test('the one argument that was given is named, also when it is empty', () => {
  expect(exactlyOne({ id: 'prd_1', slug: null }, ['id', 'slug'])).toEqual({ name: 'id', value: 'prd_1' });
  expect(exactlyOne({ slug: '' }, ['id', 'slug'])).toEqual({ name: 'slug', value: '' });
});

test.each([{}, { id: null, slug: null }, { id: 'prd_1', slug: 'lamp' }, { id: '', slug: '' }])(
  'none or several are refused: %j',
  (args) => {
    expect(() => exactlyOne(args, ['id', 'slug'])).toThrow('Give exactly one of "id", "slug".');
  },
);
