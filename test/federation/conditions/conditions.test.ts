import { describe, expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const asked = () => graph.fetches.map(({ subgraph }) => subgraph);

  describe.each([
    ['@include(if: $on)', true],
    ['@skip(if: $off)', true],
    ['@include(if: true) @skip(if: false)', false],
    ['@include(if: $on) @skip(if: $off)', true],
  ])('%s', (directive, isVariable) => {
    const positions: [what: string, query: string, whole: object, rest: object][] = [
      [
        'a root field',
        `{ item @IF { id } other { id } }`,
        { item: { id: '1' }, other: { id: '3' } },
        { other: { id: '3' } },
      ],
      ['a leaf', `{ item { id sold @IF } }`, { item: { id: '1', sold: false } }, { item: { id: '1' } }],
      [
        'a field of another subgraph',
        `{ item { id left @IF } }`,
        { item: { id: '1', left: 5 } },
        { item: { id: '1' } },
      ],
      [
        'a field with what it requires',
        `{ items { id worth @IF } }`,
        {
          items: [
            { id: '1', worth: 5 },
            { id: '2', worth: 10 },
          ],
        },
        { items: [{ id: '1' }, { id: '2' }] },
      ],
      [
        'an object of another subgraph',
        `{ item { id place @IF { hall } } }`,
        { item: { id: '1', place: { hall: 'north' } } },
        { item: { id: '1' } },
      ],
      [
        'a field of such an object',
        `{ item { place { hall shelf @IF } } }`,
        { item: { place: { hall: 'north', shelf: 'top' } } },
        { item: { place: { hall: 'north' } } },
      ],
      [
        'an inline fragment',
        `{ item { id ... @IF { left sold } } }`,
        { item: { id: '1', left: 5, sold: false } },
        { item: { id: '1' } },
      ],
      [
        'a fragment with a type',
        `{ item { id ... on Item @IF { left price } } }`,
        { item: { id: '1', left: 5, price: 1 } },
        { item: { id: '1' } },
      ],
      [
        'a named fragment',
        `{ item { id ...Stock @IF } } fragment Stock on Item { left place { shelf } }`,
        { item: { id: '1', left: 5, place: { shelf: 'top' } } },
        { item: { id: '1' } },
      ],
      [
        'a fragment of the root',
        `{ other { id } ...Rest @IF } fragment Rest on Query { item { left } }`,
        { other: { id: '3' }, item: { left: 5 } },
        { other: { id: '3' } },
      ],
      [
        'the name of a type',
        `{ item { id __typename @IF } }`,
        { item: { id: '1', __typename: 'Item' } },
        { item: { id: '1' } },
      ],
      [
        'the name of the root type',
        `{ __typename @IF other { id } }`,
        { __typename: 'Query', other: { id: '3' } },
        { other: { id: '3' } },
      ],
    ];

    test.each(positions)('on %s, when it holds', async (_what, query, whole) => {
      const operation = operationOf(query, directive, isVariable);
      expect(await graph.ask(operation, { variables: isVariable ? { on: true, off: false } : {} })).toEqual({
        data: whole,
      });
    });

    if (isVariable)
      test.each(positions)('on %s, when it does not hold', async (_what, query, _whole, rest) => {
        expect(
          await graph.ask(operationOf(query, directive, isVariable), { variables: { on: false, off: true } }),
        ).toEqual({
          data: rest,
        });
      });
  });

  test('nobody is asked for what is skipped', async () => {
    const query = 'query ($on: Boolean!) { item { id left @include(if: $on) } }';
    await graph.ask(query, { variables: { on: false } });
    expect(asked()).toEqual(['shop']);
    await graph.ask(query, { variables: { on: true } });
    expect(asked()).toEqual(['shop', 'shop', 'stock']);
  });

  test('a field that is skipped takes nothing with it that its fetch would have brought as well', async () => {
    const query =
      'query ($on: Boolean!) { items { left worth @include(if: $on) ...Place } } fragment Place on Item { place { hall } }';
    const place = { hall: 'north' };
    expect(await graph.ask(query, { variables: { on: false } })).toEqual({
      data: {
        items: [
          { left: 5, place },
          { left: 5, place },
        ],
      },
    });
    expect(await graph.ask(query, { variables: { on: true } })).toEqual({
      data: {
        items: [
          { left: 5, worth: 5, place },
          { left: 5, worth: 10, place },
        ],
      },
    });
    expect(await graph.ask('{ item { left worth @skip(if: true) } }')).toEqual({ data: { item: { left: 5 } } });
  });

  test('an object of which nothing is left is still there', async () => {
    const query =
      'query ($on: Boolean!) { item { place @include(if: $on) { hall } } other @include(if: $on) { id @skip(if: $on) } }';
    expect(await graph.ask(query, { variables: { on: false } })).toEqual({ data: { item: {} } });
    expect(await graph.ask(query, { variables: { on: true } })).toEqual({
      data: { item: { place: { hall: 'north' } }, other: {} },
    });
  });

  test('a field that is skipped in one place is answered for another one', async () => {
    const query = 'query ($on: Boolean!) { item { left @include(if: $on) place { hall } left @skip(if: $on) } }';
    expect((await graph.send(query, { variables: { on: true } })).text).toBe(
      '{"data":{"item":{"left":5,"place":{"hall":"north"}}}}\n',
    );
    expect((await graph.send(query, { variables: { on: false } })).text).toBe(
      '{"data":{"item":{"place":{"hall":"north"},"left":5}}}\n',
    );
  });

  test('objects that are selected under several conditions have what each of them lets through', async () => {
    const query = `query ($a: Boolean!, $b: Boolean = true) {
      item @include(if: $a) { id }
      item @skip(if: $a) { left }
      item { place { hall @include(if: $b) } ...S @skip(if: $b) }
    }
    fragment S on Item { place { shelf } }`;
    expect(await graph.ask(query, { variables: { a: true, b: false } })).toEqual({
      data: { item: { id: '1', place: { shelf: 'top' } } },
    });
    expect(await graph.ask(query, { variables: { a: false } })).toEqual({
      data: { item: { left: 5, place: { hall: 'north' } } },
    });
  });

  test('an operation of which nothing is left answers nothing', async () => {
    expect(
      await graph.ask('query ($on: Boolean!) { item @include(if: $on) { id } }', { variables: { on: false } }),
    ).toEqual({
      data: {},
    });
    expect(await graph.ask('{ item @skip(if: true) { id } }')).toEqual({ data: {} });
    expect(graph.fetches).toEqual([]);
  });

  test('the default of a variable decides where none is sent', async () => {
    const query = 'query ($on: Boolean! = false) { items { id left @include(if: $on) } }';
    expect(await graph.ask(query)).toEqual({ data: { items: [{ id: '1' }, { id: '2' }] } });
  });
});

function operationOf(query: string, directive: string, isVariable: boolean): string {
  return `${isVariable ? variablesOf(directive) : ''}${query.replaceAll('@IF', directive)}`;
}

function variablesOf(directive: string): string {
  const names = [...directive.matchAll(/\$\w+/g)].map(([name]) => `${name}: Boolean!`);
  return `query (${names.join(', ')}) `;
}
