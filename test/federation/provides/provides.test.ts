import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const asked = () => graph.fetches.map(({ subgraph }) => subgraph);

  test('a provided field comes along, and its owner is not asked', async () => {
    expect(await graph.ask('{ top { id title } }')).toEqual({
      data: {
        top: [
          { id: 's1', title: 's1 of charts' },
          { id: 's2', title: 's2 of charts' },
        ],
      },
    });
    expect(asked()).toEqual(['charts']);
  });

  test('the owner is asked for what is not provided, and for nothing else', async () => {
    expect(await graph.ask('{ top { title year } }')).toEqual({
      data: {
        top: [
          { title: 's1 of charts', year: 1970 },
          { title: 's2 of charts', year: 1970 },
        ],
      },
    });
    expect(asked()).toEqual(['charts', 'catalog']);
    expect(graph.fetches[1]?.query).not.toContain('title');
  });

  test('the same field of the same type comes from its owner where it is not provided', async () => {
    expect(await graph.ask('{ any { title } song(id: "s9") { title } }')).toEqual({
      data: { any: { title: 's3 of catalog' }, song: { title: 's9 of catalog' } },
    });
  });

  test('fields of nested objects can be provided', async () => {
    expect(await graph.ask('{ record { songs { title } cover { url } } }')).toEqual({
      data: { record: { songs: [{ title: 's1 of charts' }], cover: { url: 'charts/a1' } } },
    });
    expect(asked()).toEqual(['charts']);
  });

  test('what is not provided of nested objects is fetched for them', async () => {
    expect(await graph.ask('{ record { year songs { title year } } }')).toEqual({
      data: { record: { year: 1971, songs: [{ title: 's1 of charts', year: 1970 }] } },
    });
  });

  test('fields of members of a union can be provided', async () => {
    expect(await graph.ask('{ media { __typename ... on Song { title } ... on Album { year } } }')).toEqual({
      data: { media: { __typename: 'Song', title: 's4 of charts' } },
    });
    expect(asked()).toEqual(['charts']);
  });

  test('fields of an interface and of its types can be provided', async () => {
    expect(await graph.ask('{ sounds { length ... on Song { title } ... on Noise { hertz } } }')).toEqual({
      data: {
        sounds: [
          { length: 5, title: 's5 of charts' },
          { length: 1, hertz: 50 },
        ],
      },
    });
  });
});
