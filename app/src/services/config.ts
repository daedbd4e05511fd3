import { readPaymentProvider, readPaymentTimings } from '@tributary/billing/config';
import { readGatewayConfig, readIssuers, readTransportGuards } from '@tributary/gateway/config';
import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';
import { readOrderDeadlines } from '@tributary/orders/config';

import { readAppSettings } from '../config.ts';
import type { AppConfig } from '../config.ts';
import { observe, readStrictConfig } from '../strict-config.ts';

/** Where the processes behind the gateway listen unless `<NAME>_PORT` says otherwise. */
const DEFAULT_PORTS = { users: 4001, orders: 4002, billing: 4003 } as const;
const DEVELOPMENT_PORTS = { ...DEFAULT_PORTS, 'payment-provider': 4004 } as const;
export type Ports = Readonly<
  Record<keyof typeof DEFAULT_PORTS, number> & Partial<Record<keyof typeof DEVELOPMENT_PORTS, number>>
>;

/** The setting that moves a process to another port. */
export const portSetting = (name: string) => `${name.toUpperCase().replaceAll('-', '_')}_PORT`;

/** Settings of the services mode: those of the all-in-one process, and where the other processes listen. */
export interface ServicesConfig extends AppConfig {
  /** 0 takes any free port. */
  ports: Ports;
  /** What these processes are given of the settings as they are. */
  passedOn: Readonly<Record<'gateway' | 'orders' | 'billing', Readonly<Record<string, string>>>>;
  /** Variables that mean something to Node itself, for every process. */
  surroundings: Readonly<Record<string, string>>;
}

const GATEWAY_SETTINGS = ['NODE_ENV', 'OIDC_AUDIENCE', 'PUBLIC_BASE_URL', 'EXPLORER'];
const SURROUNDINGS = ['TZ', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

/** Throws one `ConfigError` naming every problem. */
export function readServicesConfig(environment: Environment = process.env): Readonly<ServicesConfig> {
  const config = readStrictConfig(environment, (reader) => {
    const app = readAppSettings(reader);
    const defaults = app.developmentProvider ? DEVELOPMENT_PORTS : DEFAULT_PORTS;
    const ports = Object.entries(defaults).map(([name, fallback]) => [
      name,
      reader.integer(portSetting(name), fallback, { min: 0, max: 65_535 }),
    ]);
    const taken = [app.gateway.port, ...ports.map(([, port]) => port)].filter((port) => port !== 0);
    readTransportGuards(reader); // for the gateway; what is wrong with them is told here, with all the rest
    if (new Set(taken).size < taken.length)
      reader.problem(`${['PORT', ...Object.keys(defaults).map(portSetting)].join(', ')} must be different ports.`);
    return { ...app, ports: Object.fromEntries(ports) as Ports };
  });
  return Object.freeze({
    ...config,
    passedOn: {
      gateway: pick(environment, [...asked(environment, gatewaySettings(config)), ...GATEWAY_SETTINGS]),
      orders: pick(environment, asked(environment, readOrderDeadlines)),
      billing: pick(environment, asked(environment, billingSettings)),
    },
    surroundings: pick(environment, SURROUNDINGS),
  });
}

/** Whatever reading asks for, so that a new setting reaches its process without being named here. */
function asked(environment: Environment, read: (reader: ConfigReader) => object): readonly string[] {
  const { observed, asked: names } = observe(environment);
  readConfig(observed, read);
  return [...names];
}

const gatewaySettings =
  ({ production }: AppConfig) =>
  (reader: ConfigReader) => ({
    ...readGatewayConfig(reader, { production }),
    issuers: readIssuers(reader, { production }),
    guards: readTransportGuards(reader),
  });

const billingSettings = (reader: ConfigReader) => ({
  payments: readPaymentProvider(reader),
  timings: readPaymentTimings(reader),
});

function pick(environment: Environment, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value ? [[name, value] as const] : [];
    }),
  );
}
