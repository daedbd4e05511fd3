import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  test('a field that was taken over is asked of its new owner only', async () => {
    expect(await graph.ask('{ bills { id total } }')).toEqual({ data: { bills: [{ id: '1', total: 'modern' }] } });
    expect(graph.fetches[0]?.query).not.toContain('total');
  });

  test('fields that were not taken over stay where they were', async () => {
    expect(await graph.ask('{ latest { note total } }')).toEqual({
      data: { latest: { note: 'legacy', total: 'modern' } },
    });
  });

  test('a root field can be taken over', async () => {
    expect(await graph.ask('{ oldest { id } }')).toEqual({ data: { oldest: { id: 'modern' } } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['modern']);
  });

  test('taking over from a subgraph that does not exist changes nothing', async () => {
    expect(await graph.ask('{ bills { tax } }')).toEqual({ data: { bills: [{ tax: 'modern tax' }] } });
  });

  test('a field of an interface is answered by the new owner for the type whose field was taken over', async () => {
    expect(await graph.ask('{ documents { __typename title } }')).toEqual({
      data: {
        documents: [
          { __typename: 'Bill', title: 'modern' },
          { __typename: 'Letter', title: 'legacy letter' },
        ],
      },
    });
  });

  test('a field that was taken over may require others', async () => {
    expect(await graph.ask('{ bills { paid summary } }')).toEqual({
      data: { bills: [{ paid: 'modern in EUR', summary: 'modern with legacy note' }] },
    });
  });

  test('who requires a field that was taken over gets the answer of the new owner', async () => {
    expect(await graph.ask('{ bills { total2 } }')).toEqual({ data: { bills: [{ total2: 'twice modern' }] } });
  });
});
