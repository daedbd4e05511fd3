import { join } from 'node:path';

import { SECOND } from '@tributary/kit/clock';

import type { SubgraphName } from '../config.ts';
import type { PreparedDatabase } from '../database.ts';
import { localUrl } from '../listen-address.ts';
import type { Ports, ServicesConfig } from './config.ts';
import { paymentProviderProcess } from './payment-provider-process.ts';

// The processes of the services mode, as data. Adding one is adding an entry, and its default port in config.ts.

export interface ServiceProcess {
  name: string;
  /** Main module. */
  main: string;
  /** Base URL of its server; `/readyz` is below it. */
  url: string;
  /** All it is given: nothing of another process's secrets, and nothing of the supervisor's own environment. */
  settings: Readonly<Record<string, string>>;
  /** Longer than its own drain takes. After this it is killed. */
  stopTimeoutMs: number;
}

export interface ProcessFacts {
  config: ServicesConfig;
  ports: Ports & { readonly gateway: number };
  databaseUrls: PreparedDatabase['urls'];
  keys: {
    /** Base64url. */
    cursorKey: string;
    linkKey: string;
    /** As `id:base64url`, by commas. */
    fieldKeys: string;
    /** JWK as JSON. Only the gateway signs. */
    internalTokenPrivateKey: string;
    internalTokenPublicKey: string;
    /** Undefined: there is no development issuer. */
    developmentIssuerKey: string | undefined;
    /** What billing and the payment provider of development know each other by; undefined: that one does not run. */
    payments: { apiKey: string; webhookSecret: string } | undefined;
  };
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SUBGRAPH_HOST = '127.0.0.1'; // nobody but the gateway has business with them
const SUBGRAPH_STOP_MS = 15 * SECOND;
const MARGIN_MS = 5 * SECOND;

/** In the order they are started. They are stopped one after the other in reverse: the gateway answers before what it asks goes away. */
export function describeProcesses(facts: ProcessFacts): readonly ServiceProcess[] {
  const { config, ports, databaseUrls, keys } = facts;
  const { gateway } = config;
  const urlOf = (name: SubgraphName) => localUrl({ host: SUBGRAPH_HOST, port: ports[name] });
  const gatewayUrl = localUrl({ host: gateway.host, port: ports.gateway });
  const common = { NODE_ENV: config.production ? 'production' : 'development', LOG_LEVEL: config.logLevel };
  const subgraph = (name: SubgraphName, settings: Readonly<Record<string, string>> = {}): ServiceProcess => ({
    name,
    main: join(ROOT, 'subgraphs', name, 'src', 'main.ts'),
    url: urlOf(name),
    settings: {
      ...common,
      HOST: SUBGRAPH_HOST,
      PORT: String(ports[name]),
      DATABASE_URL: databaseUrls[name],
      EVENTS_URL: databaseUrls.events,
      CURSOR_KEY: keys.cursorKey,
      INTERNAL_TOKEN_PUBLIC_KEY: keys.internalTokenPublicKey,
      ...settings,
    },
    stopTimeoutMs: SUBGRAPH_STOP_MS,
  });
  const payments = paymentProviderProcess(facts, { common, host: SUBGRAPH_HOST, billingUrl: urlOf('billing') });
  return [
    ...(payments ? [payments.process] : []),
    subgraph('users'),
    subgraph('orders', config.passedOn.orders),
    subgraph('billing', {
      LINK_KEY: keys.linkKey,
      FIELD_ENCRYPTION_KEYS: keys.fieldKeys,
      PUBLIC_BASE_URL: config.publicBaseUrl ?? gatewayUrl,
      ...config.passedOn.billing,
      ...payments?.settingsOfBilling,
    }),
    {
      name: 'gateway',
      main: join(ROOT, 'app', 'src', 'services', 'gateway', 'main.ts'),
      url: gatewayUrl,
      settings: {
        ...common,
        ...config.passedOn.gateway,
        HOST: gateway.host,
        PORT: String(ports.gateway),
        USERS_URL: urlOf('users'),
        ORDERS_URL: urlOf('orders'),
        BILLING_URL: urlOf('billing'),
        INTERNAL_TOKEN_PRIVATE_KEY: keys.internalTokenPrivateKey,
        ...(keys.developmentIssuerKey && { DEVELOPMENT_ISSUER_KEY: keys.developmentIssuerKey }),
      },
      stopTimeoutMs: gateway.drainDelayMs + gateway.drainTimeoutMs + MARGIN_MS,
    },
  ];
}
