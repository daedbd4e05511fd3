import { expect, test } from 'vitest';

import { startNews } from './subscriptions/news-gateway.ts';

test.each([
  ['of ASCII', 'Emma'],
  ['of two bytes', 'Ï'],
  ['of mixed letters', 'Émilie ou l’éducation'],
  ['of three bytes each', '罪と罰'],
  ['that is long and ends with four bytes', `${'x'.repeat(70_000)}😀`],
])('a text %s is answered byte for byte, as one line', async (_kind, title) => {
  await using news = await startNews();
  const response = await fetch(news.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($title: String!) { rename(id: 1, title: $title) { title } }',
      variables: { title },
    }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
  expect(bytes.toString()).toBe(`{"data":{"rename":{"title":"${title}"}}}\n`);
});
