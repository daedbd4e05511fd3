import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const hit = '__typename ... on Book { pages } ... on Film { minutes } ... on Song { beats }';

  test('members of a union are completed each by the subgraphs that know it', async () => {
    expect(await graph.ask(`{ shelf { ${hit} } program { ${hit} } }`)).toEqual({
      data: {
        shelf: [
          { __typename: 'Film', minutes: 90 },
          { __typename: 'Book', pages: 100 },
        ],
        program: [
          { __typename: 'Song', beats: 120 },
          { __typename: 'Film', minutes: 90 },
        ],
      },
    });
  });

  test('a shared field of a union type answers what all its subgraphs know', async () => {
    expect(await graph.ask(`{ favorite { ${hit} } box { hit { ${hit} } } }`)).toEqual({
      data: {
        favorite: { __typename: 'Film', minutes: 90 },
        box: { hit: { __typename: 'Film', minutes: 90 } },
      },
    });
  });

  test('a member that the subgraph does not know is not asked of it', async () => {
    expect(await graph.ask('{ shelf { ... on Song { beats } ... on Book { id } } }')).toEqual({
      data: { shelf: [{}, { id: 'b1' }] },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['library']);
    expect(graph.fetches[0]?.query).not.toContain('Song');
  });

  test('nothing is fetched for members that are not there', async () => {
    expect(await graph.ask('{ shelf { ... on Film { id } ... on Song { beats } } }')).toEqual({
      data: { shelf: [{ id: 'f1' }, {}] },
    });
    expect(await graph.ask('{ review { ... on Praise { subject { score { __typename } } } } }')).toEqual({
      data: { review: {} },
    });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['library', 'cinema']);
  });

  test('a field that several members have is completed for the one that is there', async () => {
    expect(
      await graph.ask(`{
        review {
          ... on Praise { subject { id } stars }
          ... on Complaint { subject { id score { ... on Silence { minutes } ... on Song { beats } } } reason { text } }
        }
      }`),
    ).toEqual({ data: { review: { subject: { id: 'f1', score: { minutes: 4 } }, reason: { text: 'long' } } } });
  });

  test('members within members are completed', async () => {
    expect(await graph.ask('{ program { ... on Song { film { minutes score { __typename } } } } }')).toEqual({
      data: { program: [{ film: { minutes: 90, score: { __typename: 'Silence' } } }, {}] },
    });
  });

  test('fragments on members repeat and overlap', async () => {
    expect(
      await graph.ask(`
        { shelf { ...A ... on Hit { ... on Film { name: id } } ...B } }
        fragment A on Hit { ... on Film { id } ... on Book { id } }
        fragment B on Film { minutes id }
      `),
    ).toEqual({ data: { shelf: [{ id: 'f1', name: 'f1', minutes: 90 }, { id: 'b1' }] } });
  });
});
