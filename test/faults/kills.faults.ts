import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import type { Walls } from '@tributary/kit';
import { parseGlobalId } from '@tributary/kit/ids';

import { readKills } from './config.ts';
import { findBroken, rememberBefore } from './invariants.ts';
import { comes, MOMENTS } from './moments.ts';
import type { Moment } from './moments.ts';
import { openShop } from './shop.ts';
import type { Shop } from './shop.ts';
import { startFaultySystem } from './system.ts';
import type { FaultySystem } from './system.ts';

// Processes are killed at random moments while customers shop. Afterwards, with everything up again and at rest, nothing may be lost,
// doubled or stuck.

const KILLS = readKills();
const CUSTOMERS = 4;
/** Between two kills, at most. */
const PAUSE_MS = 2_000;
/** Every so many kills one waits for a moment of its own. */
const AIMED = 4;
const REST_MS = 60_000;

interface Faults {
  walls?: Partial<Walls>;
  moments?: readonly Moment[];
  aimed?: number;
  /** Ends when this rule is broken. */
  until?: string;
}

interface Outcome {
  purchases: Shop['purchases'];
  complaints: Shop['complaints'];
  broken: Record<string, unknown[]>;
  killed: Record<string, number>;
}

async function shopWhileProcessesDie(
  kills: number,
  { walls = {}, moments = Object.values(MOMENTS), aimed = AIMED, until }: Faults = {},
): Promise<Outcome> {
  await using system = await startFaultySystem(walls);
  const customer = await enter(system);
  await system.client.query(
    'UPDATE orders.product_variants SET stock_on_hand = 1000000 WHERE stock_on_hand IS NOT NULL',
  );
  await rememberBefore(system.client);
  const shop = openShop({ url: system.url, customers: CUSTOMERS, ...customer });
  const killed: Record<string, number> = {};
  for (let kill = 0; kill < kills; kill += 1) {
    const moment = kill % aimed === 0 ? moments[(kill / aimed) % moments.length]! : null;
    if (moment) await system.recover();
    else await sleep(Math.random() * PAUSE_MS);
    const name = await system.killOne(
      moment && (await comes(moment, system.client, PAUSE_MS)) ? moment.victim : undefined,
    );
    killed[name] = (killed[name] ?? 0) + 1;
    if (until === undefined) continue;
    await system.recover();
    if (until in (await findBroken(system.client))) break;
  }
  await system.recover();
  await shop.close();
  // Whatever is still under way has a minute.
  const deadline = Date.now() + REST_MS;
  let broken = await findBroken(system.client);
  while (until === undefined && Object.keys(broken).length > 0 && Date.now() < deadline) {
    await sleep(500);
    broken = await findBroken(system.client);
  }
  const { rows } = await system.client.query<{ id: string }>(
    `SELECT id FROM orders.orders WHERE status <> 'DRAFT' AND id NOT IN (SELECT id FROM before.orders)`,
  );
  const there = new Set(rows.map(({ id }) => id));
  const lost = shop.purchases.filter(({ orderId }) => !there.has(parseGlobalId('Order', orderId)));
  if (lost.length > 0) broken['an acknowledged order exists'] = lost;
  return { purchases: shop.purchases, complaints: shop.complaints, broken, killed };
}

/** Who shops, with what: a variant that there is enough of, and a card that captures by itself. */
async function enter({ url }: FaultySystem) {
  const post = async (path: string, body: object, bearer?: string) => {
    const headers = { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, never>;
  };
  const token = async () => (await post('/dev/token', { persona: 'customer' })).access_token as unknown as string;
  const bearer = await token();
  const query = `{
    me { billingAccount { paymentMethods { id isDefault } } }
    products(first: 100) { nodes { variants { id price(currency: "EUR") { amountMinor } availableQuantity } } }
  }`;
  const { data } = (await post('/graphql', { query }, bearer)) as unknown as {
    data: {
      me: { billingAccount: { paymentMethods: { id: string; isDefault: boolean }[] } };
      products: { nodes: { variants: { id: string; price: unknown; availableQuantity: number | null }[] }[] };
    };
  };
  const variants = data.products.nodes.flatMap((product) => product.variants).filter(({ price }) => price !== null);
  const stock = (variant: (typeof variants)[number]) => variant.availableQuantity ?? 0; // limited, so that it is counted
  const variant = variants.reduce((best, each) => (stock(each) > stock(best) ? each : best));
  const card = data.me.billingAccount.paymentMethods.find(({ isDefault }) => isDefault)!;
  return { token: () => Promise.resolve(bearer), variantId: variant.id, paymentMethodId: card.id };
}

test(`after ${KILLS} kills every acknowledged order exists once and is paid once, the books balance and nothing is stuck`, async () => {
  const { purchases, complaints, broken, killed } = await shopWhileProcessesDie(KILLS);
  console.log(`${KILLS} kills:`, killed, `${purchases.length} purchases`);
  expect(purchases.length).toBeGreaterThan(KILLS / 4);
  expect({ complaints, broken }).toEqual({ complaints: [], broken: {} });
});

describe('the same shows what is lost or doubled', () => {
  const FEW = 20;
  test.each([
    ['inbox', 'handled, not acknowledged', 'news stands in the timeline once'],
    ['outbox', 'changed, nobody told', 'a placed order was told of'],
    ['idempotency', 'done, not answered', 'a purchase is one order'],
  ] as const)('without the %s', async (wall, moment, rule) => {
    const faults = { walls: { [wall]: false }, moments: [MOMENTS[moment]], aimed: 1, until: rule };
    const { broken } = await shopWhileProcessesDie(FEW, faults);
    expect(Object.keys(broken)).toContain(rule);
  });
});
