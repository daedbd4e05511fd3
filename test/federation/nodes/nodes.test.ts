import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const fields = '__typename id ... on Chat { text account { username } } ... on Account { username chats { text } }';

  test('a node is completed by whoever owns its fields', async () => {
    expect(await graph.ask(`{ chat: node(id: "c1") { ${fields} } account: node(id: "a1") { ${fields} } }`)).toEqual({
      data: {
        chat: { __typename: 'Chat', id: 'c1', text: 'text of c1', account: { username: 'user a1' } },
        account: {
          __typename: 'Account',
          id: 'a1',
          username: 'user a1',
          chats: [{ text: 'text of c1' }, { text: 'text of c2' }],
        },
      },
    });
  });

  test('a list of nodes keeps its order, unknown ones are null', async () => {
    expect(
      await graph.ask(`{ nodes(ids: ["a2", "", "c3"]) { id ... on Chat { text } ... on Account { username } } }`),
    ).toEqual({
      data: { nodes: [{ id: 'a2', username: 'user a2' }, null, { id: 'c3', text: 'text of c3' }] },
    });
  });

  test('nothing is fetched for a node of another type than the one that is asked about', async () => {
    expect(await graph.ask('{ node(id: "c1") { ... on Account { username } } }')).toEqual({ data: { node: {} } });
    expect(graph.fetches.map(({ subgraph }) => subgraph)).toEqual(['nodes']);
  });

  test('the same entities are reached by their own root fields', async () => {
    expect(
      await graph.ask(
        '{ chat(id: "c9") { id text account { id username } } account(id: "a9") { id username chats { id } } }',
      ),
    ).toEqual({
      data: {
        chat: { id: 'c9', text: 'text of c9', account: { id: 'a1', username: 'user a1' } },
        account: { id: 'a9', username: 'user a9', chats: [{ id: 'c1' }, { id: 'c2' }] },
      },
    });
  });
});
