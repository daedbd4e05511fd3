import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const asked = () => graph.fetches.map(({ subgraph }) => subgraph);

  test('a field that was added to the interface is there on objects of every type', async () => {
    expect(await graph.ask('{ media { __typename id likes } article { words likes } }')).toEqual({
      data: {
        media: [
          { __typename: 'Video', id: '1', likes: 10 },
          { __typename: 'Article', id: '2', likes: 20 },
        ],
        article: { words: 900, likes: 20 },
      },
    });
  });

  test('the subgraph that has one type for all is asked for that type', async () => {
    await graph.ask('{ media { likes } }');
    expect(graph.fetches[1]).toMatchObject({
      subgraph: 'likes',
      variables: {
        representations: [
          { __typename: 'Media', id: '1' },
          { __typename: 'Media', id: '2' },
        ],
      },
    });
  });

  test('what an object is stays known when fields and type name are asked of the other subgraph together', async () => {
    expect(await graph.ask('{ media { ... on Video { __typename likes } } }')).toEqual({
      data: { media: [{ __typename: 'Video', likes: 10 }, {}] },
    });
    expect(await graph.ask('{ media { ... on Video { __typename seconds likes fans { id } } } }')).toEqual({
      data: { media: [{ __typename: 'Video', seconds: 60, likes: 10, fans: [{ id: 'fan 1' }] }, {}] },
    });
  });

  test('the type of an object that came from there is found out where it is known', async () => {
    expect(await graph.ask('{ liked { __typename likes ... on Video { seconds } ... on Article { words } } }')).toEqual(
      {
        data: {
          liked: [
            { __typename: 'Article', likes: 20, words: 900 },
            { __typename: 'Video', likes: 10, seconds: 60 },
          ],
        },
      },
    );
    expect(asked()).toEqual(['likes', 'media']);
  });

  test('where nobody asks for the type nobody finds it out', async () => {
    expect(await graph.ask('{ liked { id likes } disliked { id } }')).toEqual({
      data: {
        liked: [
          { id: '2', likes: 20 },
          { id: '1', likes: 10 },
        ],
        disliked: null,
      },
    });
    expect(asked()).toEqual(['likes']);
  });

  test('an object that nobody knows is unusable where it matters what it is', async () => {
    expect(await graph.ask('{ lost { id likes title } }')).toEqual({
      data: { lost: { id: '9', likes: 90, title: null } },
    });
    for (const fields of ['... on Video { seconds }', 'id ... on Media { ... on Video { likes } }', '__typename'])
      expect(await graph.ask(`{ lost { ${fields} } watched { id } }`)).toEqual({
        data: { lost: null, watched: { id: '1' } },
        errors: [
          {
            message: 'The part of the graph behind this field sent an answer that cannot be used.',
            path: expect.arrayContaining(['lost']) as unknown,
            code: 'SUBGRAPH_MALFORMED_RESPONSE',
          },
        ],
      });
  });

  test('fields of the interface are fetched for objects of a type that is not known yet', async () => {
    expect(await graph.ask('{ liked { title tags } }')).toEqual({
      data: {
        liked: [
          { title: 'Two', tags: null },
          { title: 'One', tags: ['moving'] },
        ],
      },
    });
  });

  test('two subgraphs that know the interface as one type add to each other', async () => {
    expect(
      await graph.ask('{ list { first { position likes } all { likes position __typename } } liked { position } }'),
    ).toEqual({
      data: {
        list: {
          first: { position: 1, likes: 10 },
          all: [
            { likes: 20, position: 2, __typename: 'Article' },
            null,
            { likes: 10, position: 1, __typename: 'Video' },
          ],
        },
        liked: [{ position: 2 }, { position: 1 }],
      },
    });
  });

  test('a field that was added may require one of the interface', async () => {
    expect(await graph.ask('{ list { first { caption } } media { caption } }')).toEqual({
      data: { list: { first: { caption: 'One!' } }, media: [{ caption: 'One!' }, { caption: 'Two!' }] },
    });
  });

  test('a subgraph that only names the interface is asked for nothing but the key', async () => {
    expect(await graph.ask('{ watched { id __typename title likes } }')).toEqual({
      data: { watched: { id: '1', __typename: 'Video', title: 'One', likes: 10 } },
    });
  });

  test('references go round', async () => {
    expect(await graph.ask('{ article { fans { likes { fans { id } ... on Video { seconds } } } } }')).toEqual({
      data: { article: { fans: [{ likes: [{ fans: [{ id: 'fan 1' }], seconds: 60 }] }] } },
    });
  });
});
