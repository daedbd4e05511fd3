import { startGateway, defaultGatewayConfig } from '@tributary/gateway';
import type { GatewayConfig, GatewayDependencies, GatewayServer, SupergraphSource } from '@tributary/gateway';
import { authenticateNobody } from '@tributary/gateway/auth/token-principal';
import { describeConfigFile } from '@tributary/gateway/stand-alone/config-file';
import { startStandAlone } from '@tributary/gateway/stand-alone/start-stand-alone';
import { createForwardingCallHeaders } from '@tributary/gateway/transport/forwarded-headers';
import { createHttpTransport } from '@tributary/gateway/transport/http';
import { systemClock } from '@tributary/kit/clock';

import { collectLogs } from '../../../kit/collect-logs.ts';
import type { Logs } from '../../../kit/collect-logs.ts';

// Gateways within the test's own process, in front of subgraphs over HTTP.

/** What `npm run gateway` starts, with the contents of a config file. */
export async function startConfigured(
  supergraph: string,
  settings: Record<string, unknown>,
  { logger }: Logs = collectLogs(),
): Promise<GatewayServer & AsyncDisposable> {
  const problems: string[] = [];
  const file = { port: 0, ...settings };
  const read = describeConfigFile({ production: false }).read(file, '', (text) => problems.push(text));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const gateway = await startStandAlone(
    { supergraph, executor: 'own', settings: read },
    { logger, clock: systemClock },
  );
  return { ...gateway, [Symbol.asyncDispose]: () => gateway.stop() };
}

export interface Offering {
  readonly source: SupergraphSource;
  /** Offers another text. */
  readonly offer: (sdl: string) => void;
}

/** A supergraph that the test changes. */
export function offering(first: string): Offering {
  let changed: (sdl: string) => void = () => undefined;
  return {
    source: {
      async open(listener) {
        changed = (sdl) => listener.changed(sdl);
        return { sdl: first, stop: async () => undefined };
      },
    },
    offer: (sdl) => changed(sdl),
  };
}

/** An open gateway whose transports are made as they are needed. */
export async function startOpen(
  supergraphSdl: GatewayDependencies['supergraphSdl'],
  {
    logs = collectLogs(),
    config = {},
    deps = {},
    timeoutMs = 10_000,
  }: { logs?: Logs; config?: Partial<GatewayConfig>; deps?: Partial<GatewayDependencies>; timeoutMs?: number } = {},
): Promise<GatewayServer & AsyncDisposable> {
  const common = { clock: systemClock, logger: logs.logger };
  const defaults = defaultGatewayConfig({ production: false });
  const limits = { ...defaults.limits, deadlineMs: timeoutMs };
  const gateway = await startGateway(
    { ...defaults, port: 0, limits, ...config },
    {
      supergraphSdl,
      transports: ({ name, url }) =>
        createHttpTransport({ name, url, headers: createForwardingCallHeaders({}), timeoutMs, ...common }),
      authenticate: authenticateNobody,
      ...common,
      ...deps,
    },
  );
  return { ...gateway, [Symbol.asyncDispose]: () => gateway.stop() };
}
