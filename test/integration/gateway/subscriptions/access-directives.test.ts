import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { post, SSE } from './clients.ts';
import { composeNews } from './news.ts';
import { startNews } from './news-gateway.ts';
import type { NewsGateway } from './news-gateway.ts';

// Access directives in front of subscriptions: a denied field is missing in every event, a denied subscription never begins.

const SPECS = 'https://specs.apollo.dev';
const supergraphSdl = composeNews()
  .replace(
    /schema\n?/,
    `schema @link(url: "${SPECS}/authenticated/v0.1", for: SECURITY) @link(url: "${SPECS}/policy/v0.1", for: SECURITY)\n`,
  )
  .replace(/ownBookChanged: Book/, '$& @authenticated')
  .replace(/rating: Int/, '$& @policy(policies: [["ratings"]])')
  .concat(
    '\nscalar policy__Policy\ndirective @policy(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION\ndirective @authenticated on FIELD_DEFINITION\n',
  );

let news: NewsGateway;
let mayRate: boolean;
beforeAll(async () => {
  news = await startNews({ deps: { supergraphSdl, policies: () => ({ ratings: mayRate }) } });
});
beforeEach(() => void (mayRate = true));
afterAll(() => news[Symbol.asyncDispose]());

const emma = { id: '1', title: 'Emma', pages: 9 };
const rated = { query: 'subscription { bookChanged(id: 1) { title rating } }' };

async function subscribe(operation: { query: string }) {
  const before = news.hub.listeners;
  const answer = await post(news.endpoint, operation, { accept: SSE });
  await news.hub.reached(before + 1);
  return answer;
}

test('a denied field is null in each event, with an error, and is not fetched', async () => {
  mayRate = false;
  const answer = await subscribe(rated);
  news.fetches.length = 0;
  news.hub.publish(emma);
  expect(await answer.next()).toEqual({
    event: 'next',
    data: {
      data: { bookChanged: { title: 'Emma', rating: null } },
      errors: [
        {
          message: 'This needs a caller who has signed in.',
          path: ['bookChanged', 'rating'],
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    },
  });
  expect(news.fetches).toEqual([]);
  answer.leave();
  await news.hub.reached(0);
});

test('a subscription ends when a policy does not hold any more', async () => {
  const answer = await subscribe(rated);
  news.hub.publish(emma);
  expect(await answer.next()).toMatchObject({ data: { data: { bookChanged: { title: 'Emma' } } } });
  mayRate = false;
  news.hub.publish(emma);
  expect(await answer.next()).toMatchObject({ data: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } });
  await news.hub.reached(0);
});

test('a denied subscription never begins', async () => {
  const answer = await post(news.endpoint, { query: 'subscription { ownBookChanged { title } }' }, { accept: SSE });
  expect(await answer.next()).toMatchObject({
    event: 'next',
    data: { errors: [{ path: ['ownBookChanged'], extensions: { code: 'UNAUTHENTICATED' } }] },
  });
  expect(await answer.next()).toEqual({ event: 'complete' });
  expect(news.hub.listeners).toBe(0);
});
