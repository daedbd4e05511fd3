import { DAY, HOUR, SECOND } from '@tributary/kit/clock';
import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { readSubgraphSettings } from '@tributary/kit/subgraph-settings';
import type { SubgraphSettings } from '@tributary/kit/subgraph-settings';

import { DEFAULT_DEADLINES } from './order/order-saga.ts';
import type { OrderDeadlines } from './order/order-saga.ts';

// Imports single modules, because the all-in-one process reads settings before it loads anything large.

/** Settings of the subgraph as a process of its own. */
export interface OrdersConfig extends SubgraphSettings {
  deadlines: OrderDeadlines;
}

/** Throws one `ConfigError` naming every problem. */
export function readOrdersConfig(environment: Environment = process.env): Readonly<OrdersConfig> {
  return readConfig(environment, (reader) => ({
    ...readSubgraphSettings(reader, { port: 4002 }),
    deadlines: readOrderDeadlines(reader),
  }));
}

/** The same however the subgraph runs. */
export function readOrderDeadlines(reader: ConfigReader): OrderDeadlines {
  const { chargeMs, invoiceMs, transferGraceMs, captureMs, checkIntervalMs } = DEFAULT_DEADLINES;
  return {
    chargeMs: reader.integer('ORDER_CHARGE_DEADLINE_MS', chargeMs, { min: SECOND, max: 30 * DAY }),
    invoiceMs: reader.integer('ORDER_INVOICE_DEADLINE_MS', invoiceMs, { min: SECOND, max: 30 * DAY }),
    transferGraceMs: reader.integer('ORDER_TRANSFER_GRACE_MS', transferGraceMs, { min: 0, max: 365 * DAY }),
    captureMs: reader.integer('ORDER_CAPTURE_DEADLINE_MS', captureMs, { min: SECOND, max: 90 * DAY }),
    checkIntervalMs: reader.integer('ORDER_DEADLINE_CHECK_MS', checkIntervalMs, { min: 10, max: HOUR }),
  };
}
