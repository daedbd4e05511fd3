import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('an operation may go back and forth between subgraphs', async () => {
    expect(await graph.ask('{ person { dogs { breed owner { name dogs { id owner { name } } } } } }')).toEqual({
      data: {
        person: {
          dogs: ['d1', 'd2'].map((id) => ({
            breed: `breed of ${id}`,
            owner: {
              name: 'name of p1',
              dogs: [
                { id: 'd1', owner: { name: 'name of p1' } },
                { id: 'd2', owner: { name: 'name of p1' } },
              ],
            },
          })),
        },
      },
    });
  });

  test('the same object at several depths has at each what is asked for there', async () => {
    expect(
      await graph.ask(
        '{ dog { breed owner { id friend { name friend { dogs { id parent { breed owner { id } } } } } } walkers { name } } }',
      ),
    ).toEqual({
      data: {
        dog: {
          breed: 'breed of d1',
          owner: {
            id: 'p1',
            friend: {
              name: 'name of p2',
              friend: {
                dogs: [
                  { id: 'd1', parent: null },
                  { id: 'd2', parent: { breed: 'breed of d1', owner: { id: 'p1' } } },
                ],
              },
            },
          },
          walkers: [{ name: 'name of p1' }, { name: 'name of p2' }],
        },
      },
    });
  });

  test('an object that is reached in two ways keeps what it has in each of them apart', async () => {
    expect(
      await graph.ask('{ dog { a: owner { x: name } b: owner { y: name dogs { id } } } person { name } }'),
    ).toEqual({
      data: {
        dog: { a: { x: 'name of p1' }, b: { y: 'name of p1', dogs: [{ id: 'd1' }, { id: 'd2' }] } },
        person: { name: 'name of p1' },
      },
    });
  });
});
