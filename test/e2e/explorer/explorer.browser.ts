import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDemo } from './app.ts';
import type { RunningApp } from './app.ts';
import { startChromium } from './chromium.ts';
import { openExplorer } from './explorer-page.ts';

// The explorer in a real browser that reaches nothing but this process.

const resources = new AsyncDisposableStack();
let app: RunningApp;
let browser: Browser;
beforeAll(async () => {
  app = resources.use(await startDemo());
  browser = resources.adopt(await startChromium(), (started) => started.close());
});
afterAll(() => resources.disposeAsync());

test('the page loads from our own origin alone, with its editors and workers, and without a complaint', async () => {
  await using explorer = await openExplorer(browser, app.url);
  const { page, complaints } = explorer;
  await expect.poll(() => page.workers().length).toBeGreaterThanOrEqual(2);
  for (const worker of page.workers()) expect(new URL(worker.url()).origin).toBe(app.url);
  await page.getByRole('region', { name: 'Read examples' }).waitFor();
  expect(await explorer.who.innerText()).toContain('nobody');
  expect(complaints).toEqual([]);
});

test('an example signs in as whom it is for, finds its variables, and shows rows', async () => {
  await using explorer = await openExplorer(browser, app.url);
  await explorer.openExample('OrderDetail');
  await expect.poll(() => explorer.who.innerText()).toMatch(/Mara Lindner\s+role CUSTOMER\s+\d+ scopes/);
  const { data, errors } = await explorer.run();
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ order: { buyer: { displayName: 'Mara Lindner' } } });
  const { number } = data!.order as { number: string };
  await expect.poll(() => explorer.shownAnswer()).toContain(number);
  expect(await explorer.answered.innerText()).toMatch(/^Answered to customer\s+HTTP 200/);
  expect(explorer.complaints).toEqual([]);
});

test('placing an order is offered among the writes; run, it places one, and the saved card pays for it', async () => {
  await using explorer = await openExplorer(browser, app.url);
  const { page } = explorer;
  const writes = page.getByRole('region', { name: 'Write examples' });
  await writes.getByRole('button', { name: 'CheckoutPlaceOrder', exact: true }).waitFor();
  await explorer.openExample('CheckoutPlaceOrder');
  await expect.poll(() => explorer.who.innerText()).toContain('Mara Lindner');
  const placed = await explorer.run();
  expect(placed).toMatchObject({
    data: {
      orderPlace: { replayed: false, order: { status: expect.stringMatching(/^(PENDING|CONFIRMED)$/) as string } },
    },
  });
  const { order } = placed.data!.orderPlace as { order: { number: string } };
  await expect.poll(() => explorer.shownAnswer()).toContain(order.number);

  await explorer.openExample('MyOrders');
  const statusNow = async () => {
    const { data } = await explorer.run();
    const { orders } = data!.me as { orders: { nodes: { number: string; status: string; paymentStatus: string }[] } };
    return orders.nodes.find(({ number }) => number === order.number);
  };
  await expect.poll(statusNow, { timeout: 5_000 }).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'PAID' });
  expect(explorer.complaints).toEqual([]);
});

test('two clicks ask the same as somebody else', async () => {
  await using explorer = await openExplorer(browser, app.url);
  await explorer.openExample('MyOrders');
  const mine = await explorer.run();
  expect(mine.data).toMatchObject({ me: { displayName: 'Mara Lindner' } });

  await explorer.choosePersona('buyer'); // the first
  const theirs = await explorer.run(); // the second
  expect(theirs.data).toMatchObject({ me: { displayName: 'Jonas Petersen' } });
  await expect.poll(() => explorer.answered.innerText()).toContain('Answered to buyer');

  await explorer.choosePersona('partner');
  await expect.poll(() => explorer.who.innerText()).toMatch(/Kanalwerk shop connector\s+API client/);
  await explorer.choosePersona('nobody');
  const nobody = await explorer.run();
  expect(nobody.errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
  await expect.poll(() => explorer.shownAnswer()).toContain('UNAUTHENTICATED');
  expect(explorer.complaints).toEqual([]);
});

test('personas, examples and the run are within reach of the keyboard', async () => {
  await using explorer = await openExplorer(browser, app.url);
  const { page } = explorer;
  await page.getByRole('radio', { name: /^nobody/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => explorer.who.innerText()).toContain('Mara Lindner');
  await page.getByRole('button', { name: 'MyOrders', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'MyOrders', selected: true }).waitFor();
  const [response] = await Promise.all([
    page.waitForResponse(`${app.url}/graphql`),
    page.keyboard.press('Control+Enter'), // the editor has the focus already
  ]);
  expect(await response.json()).toMatchObject({ data: { me: { displayName: 'Mara Lindner' } } });
});

test('work of one’s own is kept when an example is opened', async () => {
  await using explorer = await openExplorer(browser, app.url);
  const { page } = explorer;
  await page.getByRole('region', { name: 'Operation Editor' }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('query Mine { __typename }');
  await page.getByRole('tab', { name: 'Mine' }).waitFor();
  await explorer.openExample('StorefrontCatalog');
  expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Mine', 'StorefrontCatalog']);
});

test('the schema’s documentation opens and leads to a field’s description', async () => {
  await using explorer = await openExplorer(browser, app.url);
  const { page } = explorer;
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const docs = page.getByRole('region', { name: 'Documentation Explorer' });
  await docs.getByText('Query', { exact: true }).click();
  await docs.getByText('products', { exact: true }).click();
  await expect.poll(() => docs.innerText()).toContain('ProductConnection');
  expect(explorer.complaints).toEqual([]);
});

test('tokens are gone with the page: nothing of them is in the browser’s storage', async () => {
  await using explorer = await openExplorer(browser, app.url);
  const { page } = explorer;
  await explorer.openExample('MyOrders');
  await explorer.run();
  await page.getByRole('radio', { name: /^own token/ }).check();
  const useToken = async (token: string) => {
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Use token' }).click();
    expect(await page.getByLabel('Access token').inputValue()).toBe('');
  };
  await useToken('header.of.nobody');
  await expect.poll(() => explorer.who.innerText()).toMatch(/^Not signed in: /);
  const issued = await page.request.post(`${app.url}/dev/token`, { data: { persona: 'support' } });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  await useToken(`Bearer ${token}`);
  await expect.poll(() => explorer.who.innerText()).toMatch(/Ines Carvalho\s+role SUPPORT/);
  await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('MyOrders'));
  const stored = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
  );
  expect(stored).toContain('MyOrders');
  expect(stored).not.toMatch(/eyJ|header\.of\.nobody|Bearer/i);
});

test.each(['light', 'dark'] as const)(
  'the page follows the system’s %s theme, also while it is open',
  async (scheme) => {
    await using explorer = await openExplorer(browser, app.url, { colorScheme: scheme === 'light' ? 'dark' : 'light' });
    const { page } = explorer;
    await page.emulateMedia({ colorScheme: scheme });
    const lightness = async (selector: string) => {
      const color = await page.evaluate<string>(
        `getComputedStyle(document.querySelector('${selector}')).backgroundColor`,
      );
      const [red, green, blue] = color.match(/[\d.]+/g)!.map(Number);
      return (red! + green! + blue!) / 3 > 127 ? 'light' : 'dark';
    };
    await expect.poll(() => lightness('body')).toBe(scheme);
    await expect.poll(() => lightness('.graphiql-container')).toBe(scheme);
    await expect.poll(async () => (await page.locator('.monaco-editor.vs-dark').count()) > 0).toBe(scheme === 'dark');
  },
);

test('a server that is gone is told in words', async () => {
  await using explorer = await openExplorer(browser, app.url);
  await explorer.page.context().setOffline(true);
  await explorer.page.getByRole('button', { name: /^Execute query/ }).click();
  await expect.poll(() => explorer.shownAnswer()).toContain('The server does not answer. Is it still running?');
});

test('in production there is a field for an own token, and neither personas nor a schema nor a complaint about that', async () => {
  const key = Buffer.alloc(32, 7).toString('base64url');
  await using production = await startDemo({
    NODE_ENV: 'production',
    EXPLORER: 'true',
    OIDC_ISSUER: 'https://id.example.com',
    PUBLIC_BASE_URL: 'https://shop.example.com',
    CURSOR_KEY: key,
    LINK_KEY: key,
    FIELD_ENCRYPTION_KEYS: `k1:${key}`,
  });
  await using explorer = await openExplorer(browser, production.url);
  const { page } = explorer;
  const choices = page.getByRole('group', { name: 'Ask as' }).getByRole('radio');
  expect(await choices.count()).toBe(2);
  await page.getByRole('radio', { name: /^own token/ }).check();
  await page.getByLabel('Access token').waitFor();
  await page.getByRole('radio', { name: /^nobody/ }).check();
  await page.getByText('This server keeps its schema to itself').waitFor();
  await explorer.openExample('StorefrontCatalog');
  expect(await explorer.run()).toMatchObject({ data: { products: { nodes: [] } } });
  expect(explorer.complaints).toEqual([]);
});
