import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

const refused = (path: unknown[]) => ({ message: 'No.', path, code: 'NO', subgraph: 'labels' });
const missing = (path: unknown[]) => ({
  message: 'The part of the graph behind this field sent an answer that cannot be used.',
  path,
  code: 'SUBGRAPH_MALFORMED_RESPONSE',
});

describeFederation(subgraphs, (graph) => {
  test('null goes up to the nearest object that may be null', async () => {
    expect(await graph.ask('{ shelf { id label } }')).toEqual({
      data: { shelf: null },
      errors: [refused(['shelf', 'label'])],
    });
  });

  test('null goes up to the root where nothing on the way may be null', async () => {
    expect(await graph.ask('{ strict { id label } shelf { id } }')).toEqual({
      data: null,
      errors: [refused(['strict', 'label'])],
    });
  });

  test('null in a list takes the item along, or the list, or the list of lists', async () => {
    const fields = '{ id label }';
    expect(await graph.ask(`{ loose ${fields} }`)).toEqual({
      data: { loose: [{ id: 'good', label: 'label' }, null] },
      errors: [refused(['loose', 1, 'label'])],
    });
    expect(await graph.ask(`{ shelves ${fields} }`)).toEqual({
      data: { shelves: null },
      errors: [refused(['shelves', 1, 'label'])],
    });
    expect(await graph.ask(`{ grid ${fields} }`)).toEqual({
      data: { grid: null },
      errors: [refused(['grid', 1, 1, 'label'])],
    });
  });

  test('an entity that its subgraph does not know is an error where its fields may not be null', async () => {
    expect(await graph.ask('{ shelf { id size } loose { size } }')).toEqual({
      data: { shelf: null, loose: [{ size: 1 }, null] },
      errors: [missing(['shelf', 'size']), missing(['loose', 1, 'size'])],
    });
  });

  test('null from one subgraph takes along what another one answered', async () => {
    expect(await graph.ask('{ shelf { box { lid { material } size } } }')).toMatchObject({
      data: { shelf: { box: null } },
    });
  });

  test('null goes up through objects of several subgraphs', async () => {
    expect(await graph.ask('{ loose { id boxes { id color label } } }')).toEqual({
      data: { loose: [null, null] },
      errors: [refused(['loose', 0, 'boxes', 1, 'label']), refused(['loose', 1, 'boxes', 1, 'label'])],
    });
  });

  test('an error that a subgraph told itself is told once', async () => {
    expect(await graph.ask('{ shelf { note label } }')).toEqual({
      data: { shelf: null },
      errors: [refused(['shelf', 'label'])],
    });
    const { errors } = await graph.ask('{ shelf { box { color lid { material } } } }');
    expect(errors).toEqual([
      expect.objectContaining({ path: ['shelf', 'box', 'lid', 'material'], subgraph: 'labels' }),
    ]);
  });

  test('what was selected under a condition that does not hold cannot be missed', async () => {
    expect(
      await graph.ask('query ($no: Boolean!) { shelf { id label @include(if: $no) } }', { variables: { no: false } }),
    ).toEqual({
      data: { shelf: { id: 'bad' } },
    });
  });

  test('null in a list of values goes up as well', async () => {
    expect(await graph.ask('{ loose { tags } }')).toMatchObject({
      data: { loose: [{ tags: ['a'] }, null] },
      errors: [{ path: ['loose', 1, 'tags', 1] }],
    });
  });
});
