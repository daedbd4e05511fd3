import { ApolloServer } from '@apollo/server';
import { expect, test } from 'vitest';

import { createGateway, createInProcessTransport } from '@tributary/gateway';
import { systemClock } from '@tributary/kit';

import { collectLogs } from '../../kit/collect-logs.ts';
import { describeFederation } from '../../kit/federation.ts';
import { compose, createSubgraph } from '../../kit/subgraph-source.ts';
import { authors, moodOf, subgraphs, titleOf } from './subgraphs.ts';

describeFederation(subgraphs, (graph) => {
  const books = (id: (typeof authors)[number]) =>
    [0, 1, 2, 3, 4, 5].map((pages) => ({ title: titleOf(id, pages), pages }));

  test('what many places have alike is answered at each, and written as everywhere', async () => {
    const { text } = await graph.send('{ comments { id author { id name books { title pages } } } }');
    const expected = authors.map((id, index) => ({
      id: `c${index}`,
      author: { id, name: `name of ${id}`, books: books(id) },
    }));
    expect(text).toBe(`${JSON.stringify({ data: { comments: expected } })}\n`);
  });

  test('so are large objects within large objects, of which all are repeated', async () => {
    const { text } = await graph.send(
      '{ comments { author { name books { title } best { id author { books { title pages } best { id } } } } } }',
    );
    const expected = authors.map((id) => {
      const best = { id: id === 'p1' ? 'c0' : 'c1' };
      const titles = books(id).map(({ title }) => ({ title }));
      const within = { ...best, author: { books: books(id), best } };
      return { author: { name: `name of ${id}`, books: titles, best: within } };
    });
    expect(text).toBe(`${JSON.stringify({ data: { comments: expected } })}\n`);
  });

  test('entities of one key keep what differs in them', async () => {
    const { data } = await graph.ask('{ comments { author { id mood moods { at name } name } } }');
    expect(data).toEqual({
      comments: authors.map((id, index) => {
        const moods = [
          { at: 1, name: 'glad' },
          { at: 2, name: moodOf(index) },
        ];
        return { author: { id, mood: moodOf(index), moods, name: `name of ${id}` } };
      }),
    });
  });

  test('also where they differ in an inner object only, or in something without a key', async () => {
    const { data } = await graph.ask('{ comments { author { moods { name } books { pages } } } }');
    expect(data).toEqual({
      comments: authors.map((_, index) => {
        const moods = [{ name: 'glad' }, { name: moodOf(index) }];
        return { author: { moods, books: [0, 1, 2, 3, 4, 5].map((pages) => ({ pages })) } };
      }),
    });
  });

  test('each place has the fields that the operation asks for there', async () => {
    const { data } = await graph.ask(
      '{ feed { id ... on Comment { author { name } } ... on Like { author { title: name books { pages } } } } }',
    );
    expect(data).toEqual({
      feed: authors.map((id, index) => {
        const name = `name of ${id}`;
        const pages = [0, 1, 2, 3, 4, 5].map((each) => ({ pages: each }));
        return { id: `c${index}`, author: index % 2 === 0 ? { name } : { title: name, books: pages } };
      }),
    });
  });

  test('an error is told for each place', async () => {
    const { data, errors } = await graph.ask('{ comments { author { id broken books { title } } } }');
    const places = authors.flatMap((id, index) => (id === 'p2' ? [['comments', index, 'author', 'broken']] : []));
    expect(errors?.map(({ path }) => path)).toEqual(places);
    expect(data).toEqual({
      comments: authors.map((id) => {
        const titles = books(id).map(({ title }) => ({ title }));
        return { author: { id, broken: id === 'p2' ? null : 'well', books: titles } };
      }),
    });
  });

  test('so is a field that the caller may not have', async () => {
    const { data, errors } = await graph.ask('{ comments { author { name diary } } }');
    expect(errors?.map(({ path }) => path)).toEqual(authors.map((_, index) => ['comments', index, 'author', 'diary']));
    expect(data).toEqual({ comments: authors.map((id) => ({ author: { name: `name of ${id}`, diary: null } })) });
  });

  test('a field that a client calls toJSON is a field', async () => {
    const { text } = await graph.send('{ comments { author { toJSON: name books { title } } } }');
    const expected = authors.map((id) => ({
      author: { toJSON: `name of ${id}`, books: books(id).map(({ title }) => ({ title })) },
    }));
    expect(text).toBe(`${JSON.stringify({ data: { comments: expected } })}\n`);
  });

  test('what is asked for later is answered at each place, too', async () => {
    const { data } = await graph.ask('{ comments { author { best { author { name(short: true) } } mood name } } }');
    expect(data).toEqual({
      comments: authors.map((id, index) => ({
        author: { best: { author: { name: id } }, mood: moodOf(index), name: `name of ${id}` },
      })),
    });
  });
});

test('in the result of another Apollo Server each place has an object of its own, for its plugins may write into it', async () => {
  const transports = Object.entries(subgraphs).map(([name, source]) =>
    createInProcessTransport(createSubgraph(name, source, []), { clock: systemClock }),
  );
  const { gateway, plugin } = createGateway({
    supergraphSdl: compose(subgraphs),
    transports,
    logger: collectLogs().logger,
  });
  const server = new ApolloServer({ gateway, plugins: [plugin], stopOnTerminationSignals: false });
  const { body } = await server.executeOperation({ query: '{ comments { author { name } } }' });
  await server.stop();
  if (body.kind !== 'single') throw new Error('The answer is in parts.');
  const found = (body.singleResult.data as { comments: { author: object }[] }).comments.map(({ author }) => author);
  expect(new Set(found).size).toBe(authors.length);
});
