import { randomBytes } from 'node:crypto';

import { exportJWK, generateKeyPair } from 'jose';
import type { GraphQLFormattedError } from 'graphql';

import { createBillingSubgraph } from '@tributary/billing';
import type { BillingDependencies, BillingSubgraph } from '@tributary/billing';
import {
  createHttpFindPrincipal,
  createOwnSubgraphTransport,
  createInProcessTransport,
  createNodesSubgraph,
  defaultGatewayConfig,
  startGateway,
} from '@tributary/gateway';
import type { ObservedFetch, SubgraphTransport } from '@tributary/gateway';
import {
  ALL_WALLS,
  createInternalTokenSigner,
  createInternalTokenVerifier,
  createLogger,
  startPostgresTransport,
  startSubgraphServer,
  startWith,
  systemClock,
} from '@tributary/kit';
import type { RunningSubgraph, Subgraph, Walls } from '@tributary/kit';
import { createOrdersSubgraph } from '@tributary/orders';
import type { OrderDeadlines } from '@tributary/orders';
import { subgraphSdl, supergraphSdl } from '@tributary/schema';
import { createUsersSubgraph } from '@tributary/users';
import type { UsersSubgraph } from '@tributary/users';
import { createPrincipalRoutes } from '@tributary/users/principal/principal.route';

import { FIELD_KEYS } from './field-keys.ts';
import { startTestIssuer, TEST_AUDIENCE } from './issuer.ts';
import type { TokenSubject } from './issuer.ts';
import { SUBGRAPHS } from './test-database.ts';
import type { SubgraphName } from './test-database.ts';

// The whole graph on a test database: three subgraphs, the gateway listening on a free port, and an issuer whose tokens it accepts.

export interface Answer {
  status: number;
  data: Record<string, unknown> | null | undefined;
  errors: readonly GraphQLFormattedError[] | undefined;
}

export interface Question {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  /** Who asks; left out: nobody. */
  as?: TokenSubject | undefined;
}

export interface Statement {
  subgraph: SubgraphName;
  text: string;
  parameters: readonly unknown[];
}

export interface TestGraph extends AsyncDisposable {
  url: string;
  subgraphs: { users: UsersSubgraph; orders: RunningSubgraph; billing: BillingSubgraph };
  ask(question: Question): Promise<Answer>;
  token(subject: TokenSubject): Promise<string>;
  /** Everything that was sent since the last call. */
  takeTraffic(): { fetches: ObservedFetch[]; statements: Statement[] };
  /** Takes one subgraph's server down; only over HTTP. */
  stopServer(name: SubgraphName): Promise<void>;
}

export interface TestGraphOptions {
  database: { urls: Readonly<Record<SubgraphName | 'events', string>> };
  /** Issuer that the people in the database belong to. */
  issuer?: string;
  transport?: 'in-process' | 'http';
  walls?: Partial<Walls>;
  /** Whether events flow and jobs run. */
  workers?: boolean;
  /** Who moves the money; left out: nobody, so that payments wait. */
  payments?: BillingDependencies['payments'];
  /** How long a placed order waits for its money. */
  deadlines?: Partial<OrderDeadlines>;
}

export function startTestGraph(options: TestGraphOptions): Promise<TestGraph> {
  const { database, transport = 'in-process' } = options;
  return startWith(async (stack) => {
    const logger = createLogger({ level: 'silent', name: 'test' });
    const issuer = await startTestIssuer(options.issuer);
    stack.defer(async () => issuer[Symbol.asyncDispose]());
    const walls = { ...ALL_WALLS, ...options.walls };
    let fetches: ObservedFetch[] = [];
    let statements: Statement[] = [];

    const dependencies = (subgraph: SubgraphName) => ({
      databaseUrl: database.urls[subgraph],
      cursorKey: new Uint8Array(32),
      logger,
      clock: systemClock,
      walls,
      onStatement: (text: string, parameters: readonly unknown[]) => statements.push({ subgraph, text, parameters }),
    });
    const subgraphs = {
      users: stack.use(await createUsersSubgraph(dependencies('users'))),
      orders: stack.use(
        await createOrdersSubgraph({
          ...dependencies('orders'),
          ...(options.deadlines && { deadlines: options.deadlines }),
        }),
      ),
      billing: stack.use(
        await createBillingSubgraph({
          ...dependencies('billing'),
          publicBaseUrl: 'http://127.0.0.1:1',
          linkKey: randomBytes(32),
          fieldKeys: FIELD_KEYS,
          payments: options.payments,
        }),
      ),
    };

    if (options.workers) {
      const events = stack.use(await startPostgresTransport({ url: database.urls.events, logger }));
      for (const subgraph of Object.values(subgraphs)) stack.use(await subgraph.startWorkers(events));
    }

    const servers = new Map<SubgraphName, { url: string; stop(): Promise<void> }>();
    const inProcess = (subgraph: Subgraph) => createInProcessTransport(subgraph, { clock: systemClock });
    const transports: SubgraphTransport[] = [inProcess(createNodesSubgraph(subgraphSdl('nodes')))];
    let findPrincipal = subgraphs.users.findPrincipal;
    if (transport === 'in-process') transports.push(...Object.values(subgraphs).map(inProcess));
    else {
      const keys = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
      const signer = await createInternalTokenSigner(await exportJWK(keys.privateKey), systemClock);
      const publicKey = await exportJWK(keys.publicKey);
      for (const name of SUBGRAPHS) {
        const server = stack.use(
          await startSubgraphServer({
            subgraph: subgraphs[name],
            host: '127.0.0.1',
            port: 0,
            clock: systemClock,
            logger,
            tokens: await createInternalTokenVerifier(publicKey, name, systemClock),
            ...(name === 'users' && { internalRoutes: createPrincipalRoutes(subgraphs.users.findPrincipal) }),
          }),
        );
        servers.set(name, server);
        transports.push(
          stack.use(createOwnSubgraphTransport({ name, url: server.url, signer, clock: systemClock, logger })),
        );
      }
      const lookup = stack.use(createHttpFindPrincipal({ url: servers.get('users')!.url, signer }));
      findPrincipal = lookup.findPrincipal;
    }

    const gateway = stack.use(
      await startGateway(
        {
          ...defaultGatewayConfig({ production: false }),
          port: 0,
          issuers: [{ issuer: issuer.issuer, audience: TEST_AUDIENCE, jwksUrl: issuer.jwksUrl }],
        },
        {
          supergraphSdl: supergraphSdl(),
          transports,
          findPrincipal,
          logger,
          clock: systemClock,
          onFetch: (fetch) => fetches.push(fetch),
        },
      ),
    );

    const tokens = new Map<string, Promise<string>>();
    const token = (subject: TokenSubject) => {
      const key = JSON.stringify(subject);
      const known = tokens.get(key) ?? issuer.sign(subject);
      tokens.set(key, known);
      return known;
    };

    return {
      url: gateway.url,
      subgraphs,
      token,
      async ask({ as, query, variables, operationName }) {
        const response = await fetch(`${gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${await token(as)}` }) },
          body: JSON.stringify({ query, variables, operationName }),
        });
        const { data, errors } = (await response.json()) as Omit<Answer, 'status'>;
        return { status: response.status, data, errors };
      },
      takeTraffic() {
        const taken = { fetches, statements };
        [fetches, statements] = [[], []];
        return taken;
      },
      stopServer: (name) => servers.get(name)!.stop(),
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}
