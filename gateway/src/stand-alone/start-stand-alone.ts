import { readFile } from 'node:fs/promises';

import type { Clock } from '@tributary/kit/clock';
import { startWith } from '@tributary/kit/lifecycle';
import type { Logger } from '@tributary/kit/logger';

import type { Authenticate } from '../auth/authenticate.ts';
import { authenticateNobody, createTokenAuthenticate } from '../auth/token-principal.ts';
import { createTokenVerifier } from '../auth/token-verifier.ts';
import { createEngine } from '../execution/engine.ts';
import { createStockExecutor } from '../execution/stock-executor.ts';
import { startGateway } from '../server.ts';
import type { GatewayServer } from '../server.ts';
import { loadSupergraph } from '../supergraph.ts';
import { createForwardingCallHeaders } from '../transport/forwarded-headers.ts';
import { createHttpTransport } from '../transport/http.ts';
import type { StandAloneConfig } from './config.ts';
import { isHttpUrl } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import { headersFor, toGatewayConfig } from './gateway-config.ts';

/** A gateway in front of any Federation 2 supergraph. Listens when it resolves; `stop()` drains it. */
export function startStandAlone(
  { supergraph, executor, settings }: StandAloneConfig,
  { logger, clock }: { logger: Logger; clock: Clock },
): Promise<GatewayServer> {
  return startWith(async (stack) => {
    const supergraphSdl = isHttpUrl(supergraph)
      ? await (await fetch(supergraph)).text()
      : await readFile(supergraph, 'utf8');
    const { subgraphs } = loadSupergraph(supergraphSdl);
    const transports = subgraphs.map(({ name, url }) => {
      const own = settings.subgraphs.get(name);
      return stack.use(
        createHttpTransport({
          name,
          url: own?.url ?? url,
          headers: createForwardingCallHeaders(headersFor(settings, own)),
          clock,
          logger,
          timeoutMs: own?.timeoutMs ?? settings.timeouts.subgraphMs,
          maxAnswerBytes: own?.answerBytes ?? settings.limits.answerBytes,
          ...(own && { maxConnections: own.connections }),
        }),
      );
    });
    const { url } = stack.use(
      await startGateway(toGatewayConfig(settings), {
        supergraphSdl,
        transports,
        authenticate: createCallers(settings, { clock, logger }),
        logger,
        clock,
        createExecutor: executor === 'stock' ? createStockExecutor : createEngine,
      }),
    );
    return { url, stop: () => stack.stop() };
  });
}

function createCallers({ jwt }: ConfigFile, { clock, logger }: { clock: Clock; logger: Logger }): Authenticate {
  const { issuers, required } = jwt;
  if (issuers.length === 0) {
    logger.warn('the gateway is open: no issuer of tokens is configured, and everybody may call');
    return authenticateNobody;
  }
  const verifier = createTokenVerifier({ issuers, clock, ownUrl: () => '' });
  return createTokenAuthenticate({ verifier, required });
}
