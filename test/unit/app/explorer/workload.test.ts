import { expect, test } from 'vitest';

import { workloadDocument } from '@tributary/schema';

import { recipes } from '../../../../app/explorer/src/examples/recipes.ts';
import { readWorkload } from '../../../../app/explorer/src/examples/workload.ts';

const DOCUMENT = `# About the document.

fragment Price on Money { decimal }
fragment Unused on Money { currency }

# Shop window. Anonymous.
# Second line.
query ShopWindow($after: String) { products(after: $after) { nodes { price { ...Price } } } }

# Stands apart.

mutation Checkout2Place($input: PlaceInput!, $dryRun: Boolean) { place(input: $input) { id } }

{ unnamed }
`;

test('each named operation becomes an example with the fragments it uses, and itself first', () => {
  const [shopWindow, checkout, ...others] = readWorkload(DOCUMENT.replace('\n{ unnamed }\n', ''));
  expect(others).toEqual([]);
  expect(shopWindow).toMatchObject({
    name: 'ShopWindow',
    title: 'Shop window',
    summary: 'Shop window. Anonymous. Second line.',
    operation: 'query',
    variables: ['after'],
  });
  expect(shopWindow!.text).toMatch(/^query ShopWindow[^]*\n\nfragment Price on Money \{\n {2}decimal\n\}$/);
  expect(checkout).toMatchObject({
    name: 'Checkout2Place',
    title: 'Checkout 2 place',
    summary: '',
    operation: 'mutation',
    variables: ['input!', 'dryRun'],
  });
  expect(checkout!.text).not.toContain('fragment');
});

test('an operation without a name is no example', () => {
  expect(readWorkload(DOCUMENT).map(({ name }) => name)).toEqual(['ShopWindow', 'Checkout2Place']);
});

// An operation without a recipe is still offered, but whoever opens it has to find caller and variables.
test('every operation of the workload has a recipe in app/explorer/src/examples/recipes.ts', () => {
  const without = readWorkload(workloadDocument()).filter(({ name }) => recipes[name] === undefined);
  expect(without.map(({ name }) => name)).toEqual([]);
});
