import { expect, test } from 'vitest';

import { DEFAULT_GUARDS } from '@tributary/gateway';

import { sendJson, startPeer } from '../peer.ts';
import { startMarket, startMarketGateway } from './market-gateway.ts';

const secrets = { authorization: 'Bearer hunter2', 'x-tenant': 'hunter2' };

test.each([301, 302, 303, 307, 308])(
  'HTTP %i is refused, and no token or header reaches another origin',
  async (status) => {
    await using elsewhere = await startPeer((_, response) => sendJson(response, { data: { latest: { total: 666 } } }));
    await using market = await startMarket();
    await using gateway = await startMarketGateway(market, { guards: DEFAULT_GUARDS });
    const { orders } = market.proxies;
    orders.fault = ({ response }) => void response.writeHead(status, { location: `${elsewhere.url}/graphql` }).end();
    const { body, text } = await gateway.query({ query: '{ people { name } latest { total } }' }, secrets);
    expect(body.data).toEqual({ people: [{ name: 'Ada' }, { name: 'Bob' }], latest: null });
    expect(body.errors).toMatchObject([{ path: ['latest'], extensions: { code: 'SUBGRAPH_MALFORMED_RESPONSE' } }]);
    expect(text).not.toContain(elsewhere.url);
    // The subgraph itself gets what was to be passed on, once.
    expect(orders.received.map(({ headers }) => [headers.authorization, headers['x-tenant']])).toEqual([
      [secrets.authorization, secrets['x-tenant']],
    ]);
    expect(elsewhere.received).toEqual([]);
  },
);
