import { expect, test } from 'vitest';

import { sendJson } from '../peer.ts';
import { startBookshop } from './bookshop.ts';
import { ask, makeFolder } from './gateway-process.ts';
import { startConfigured } from './open-gateway.ts';

const CALLERS = ['ann', 'bob', 'cyd'];

/** What a crowd of three callers is answered that asks the same at the same moment, and how often the subgraph was asked. */
async function askAsCrowd(settings: Record<string, unknown>) {
  await using shop = await startBookshop();
  await using folder = await makeFolder();
  const { books } = shop.peers;
  const held: (() => void)[] = [];
  books.fault = (request, response) => {
    const book = { title: String(request.headers.authorization), author: null };
    held.push(() => sendJson(response, { data: { books: [book] } }));
  };
  const supergraph = await folder.write('supergraph.graphql', shop.supergraph());
  await using gateway = await startConfigured(supergraph, { forwardHeaders: ['authorization'], ...settings });
  const crowd = CALLERS.flatMap((name) => Array.from({ length: 10 }, () => name));
  const answers = Promise.all(crowd.map((authorization) => ask(gateway.url, '{ books { title } }', { authorization })));
  const isSettled = answers.then(() => true);
  while (!(await Promise.race([isSettled, new Promise((resolve) => setTimeout(resolve, 50, false))])))
    for (const release of held.splice(0)) release();
  const own = (await answers).map(({ body }) => (body.data as { books: [{ title: string }] }).books[0].title);
  return { own, crowd, asked: books.received.length };
}

test('callers with other headers are never answered with the run of somebody else', async () => {
  const { own, crowd, asked } = await askAsCrowd({});
  expect(own).toEqual(crowd);
  expect(asked).toBeLessThan(crowd.length);
});

test('nothing is shared where that is switched off', async () => {
  const { own, crowd, asked } = await askAsCrowd({ shareQueries: false });
  expect(own).toEqual(crowd);
  expect(asked).toBe(crowd.length);
});
