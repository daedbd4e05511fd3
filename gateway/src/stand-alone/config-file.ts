import { MINUTE, SECOND } from '@tributary/kit/clock';
import { LOG_LEVELS } from '@tributary/kit/logger';
import type { LogLevel } from '@tributary/kit/logger';

import { AUTHORIZATION_MODES } from '../authorization/rejection.ts';
import type { AuthorizationMode } from '../authorization/rejection.ts';
import { MAX_COST_LIMIT, originProblem } from '../config.ts';
import { headerProblem } from '../transport/forwarded-headers.ts';
import { flag, listOf, listOfText, namedEach, oneOf, requiredText, section, text, whole } from './config-shape.ts';
import type { Read } from './config-shape.ts';
import { defaultStreamLimits as streams } from '../subscriptions/limits.ts';
import { describeGuards } from './guard-settings.ts';

// Everything a config file may say. The table in the README is compared with it.

const MAX_TIMEOUT_MS = 5 * MINUTE;
const MAX_ANSWER_BYTES = 1024 * 1024 * 1024;

export type ConfigFile = Read<ReturnType<typeof describeConfigFile>>;
export type SubgraphSettings = ConfigFile['subgraphs'] extends ReadonlyMap<string, infer T> ? T : never;

/** `production`: what holds when the file does not say it. */
export function describeConfigFile({ production }: { production: boolean }) {
  return section({
    host: text({ fallback: '127.0.0.1', meaning: 'where to listen' }),
    port: whole({ min: 0, max: 65_535, fallback: 4000, meaning: '`0` takes any free port' }),
    logLevel: oneOf<LogLevel>({ values: LOG_LEVELS, fallback: 'info', meaning: 'one of `silent` to `trace`' }),
    production: flag({
      fallback: production,
      meaning: 'hides schema details and names of subgraphs in errors; `NODE_ENV=production` switches it on as well',
    }),
    introspection: flag({ fallback: true, meaning: 'whether clients may read the schema' }),
    corsOrigins: listOfText({
      fallback: undefined,
      fallbackText: 'Apollo Sandbox, in production none',
      check: originProblem,
      meaning: 'web pages that may call',
    }),
    forwardHeaders: listOfText({
      fallback: [],
      check: headerProblem,
      meaning: 'headers of the client that every subgraph gets',
    }),
    headers: headers('header sent with every fetch'),
    shareQueries: flag({
      fallback: true,
      meaning: 'one run for requests that ask the same at the same moment, with the same caller and forwarded headers',
    }),
    timeouts: section({
      requestMs: whole({
        min: 100,
        max: MAX_TIMEOUT_MS,
        fallback: 10 * SECOND,
        meaning: 'deadline of a request, from its first byte to the answer',
      }),
      subgraphMs: whole({
        min: 10,
        max: MAX_TIMEOUT_MS,
        fallback: 10 * SECOND,
        meaning: 'one fetch, and never longer than the deadline of the request',
      }),
    }),
    limits: section({
      bodyBytes: whole({ min: 1_024, max: 16 * 1024 * 1024, fallback: 256 * 1024, meaning: 'body of a request' }),
      tokens: whole({ min: 100, max: 1_000_000, fallback: 15_000, meaning: 'tokens of an operation' }),
      depth: whole({ min: 1, max: 1_000, fallback: 30, meaning: 'levels of nested fields' }),
      selections: whole({
        min: 100,
        max: 10_000_000,
        fallback: 20_000,
        meaning: 'selected fields, fragments spread out',
      }),
      answerBytes: whole({
        min: 1_024,
        max: MAX_ANSWER_BYTES,
        fallback: 10 * 1024 * 1024,
        meaning: 'answer of a subgraph',
      }),
      cost: section({
        anonymous: cost('points an operation may cost without a token (see Cost)'),
        caller: cost('the same with a token'),
      }),
    }),
    streams: section({
      connections: whole({
        min: 1,
        max: 1_000_000,
        fallback: streams.connections,
        meaning: 'streams and WebSockets that are open at a time',
      }),
      operations: whole({
        min: 1,
        max: 10_000,
        fallback: streams.operationsPerConnection,
        meaning: 'operations of one WebSocket at a time',
      }),
      queuedEvents: whole({
        min: 1,
        max: 100_000,
        fallback: streams.queuedEvents,
        meaning: 'events that wait for one subscriber',
      }),
      queuedBytes: whole({
        min: 1_024,
        max: 256 * 1024 * 1024,
        fallback: streams.queuedBytes,
        meaning: 'their length',
      }),
      heartbeatMs: whole({
        min: 1_000,
        max: 5 * MINUTE,
        fallback: streams.heartbeatMs,
        meaning: 'time between signs of life',
      }),
    }),
    subgraphs: namedEach(
      section({
        url: text({
          fallback: undefined,
          fallbackText: 'the one of the supergraph',
          check: urlProblem,
          meaning: 'where it answers GraphQL',
        }),
        forwardHeaders: listOfText({
          fallback: [],
          check: headerProblem,
          meaning: 'further headers of the client for this subgraph',
        }),
        headers: headers('further header for this subgraph'),
        timeoutMs: whole({
          min: 10,
          max: MAX_TIMEOUT_MS,
          fallback: null,
          fallbackText: '`timeouts.subgraphMs`',
          meaning: 'one fetch',
        }),
        answerBytes: whole({
          min: 1_024,
          max: MAX_ANSWER_BYTES,
          fallback: null,
          fallbackText: '`limits.answerBytes`',
          meaning: 'its answers',
        }),
        connections: whole({ min: 1, max: 10_000, fallback: 128, meaning: 'connections kept open at most' }),
        subscriptions: section({
          protocol: oneOf<'sse' | 'websocket'>({
            values: ['sse', 'websocket'],
            fallback: 'sse',
            meaning: '`websocket` is the protocol graphql-transport-ws',
          }),
          url: text({
            fallback: undefined,
            fallbackText: 'that of the queries',
            check: streamUrlProblem,
            meaning: 'where it is subscribed to',
          }),
          idleTimeoutMs: whole({
            min: 0,
            max: 60 * MINUTE,
            fallback: MINUTE,
            meaning: 'longest silence of a subscription, signs of life included; `0` waits forever',
          }),
          eventBytes: whole({ min: 1_024, max: MAX_ANSWER_BYTES, fallback: 1024 * 1024, meaning: 'one event' }),
        }),
      }),
    ),
    guards: describeGuards(),
    jwt: section({
      required: flag({ fallback: false, meaning: 'refuse requests without a token' }),
      issuers: listOf(
        section({
          issuer: requiredText({ check: urlProblem, meaning: 'the `iss` claim; in production `https:`' }),
          audience: requiredText({ meaning: 'has to be in the `aud` claim' }),
          jwksUrl: text({
            fallback: undefined,
            fallbackText: 'by discovery',
            check: urlProblem,
            meaning: "the issuer's keys",
          }),
          scopesClaim: text({
            fallback: 'scope',
            meaning: 'claim with the scopes of the caller, a list or text with spaces between them',
          }),
        }),
      ),
    }),
    authorization: section({
      mode: oneOf<AuthorizationMode>({
        values: AUTHORIZATION_MODES,
        fallback: 'filter',
        meaning:
          'an operation with a field the caller may not have runs without it (`filter`) or not at all (`reject`)',
      }),
    }),
    overrideLabels: listOfText({ fallback: [], meaning: 'labels of `@override` that hold, beside `percent(n)`' }),
    supergraph: section({
      pollIntervalMs: whole({
        min: 100,
        max: 60 * MINUTE,
        fallback: 10 * SECOND,
        meaning: 'how often to look for another supergraph; a file is watched besides',
      }),
      headers: headers('header sent when the supergraph is fetched from a URL'),
    }),
    operations: section({
      kept: whole({ min: 1, max: 1_000_000, fallback: 1_000, meaning: 'operations that are kept with their plans' }),
      warmUpMs: whole({
        min: 0,
        max: 5 * MINUTE,
        fallback: 10 * SECOND,
        meaning: 'time for planning the kept operations anew before another supergraph takes over',
      }),
    }),
    drain: section({
      delayMs: whole({
        min: 0,
        max: 2 * MINUTE,
        fallback: 0,
        meaning: 'time between "not ready" and refusing connections',
      }),
      timeoutMs: whole({
        min: 0,
        max: 10 * MINUTE,
        fallback: 15 * SECOND,
        meaning: 'time for requests in flight when stopping',
      }),
    }),
  });
}

function headers(meaning: string) {
  return namedEach(requiredText({ check: headerValueProblem, fallbackText: 'none', meaning }), headerProblem);
}

function cost(meaning: string) {
  return whole({ min: 1, max: MAX_COST_LIMIT, fallback: null, meaning });
}

function urlProblem(value: string): string | undefined {
  const isHttp = URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
  return isHttp ? undefined : 'must be a URL that starts with http:// or https://';
}

function streamUrlProblem(value: string): string | undefined {
  const isKnown = URL.canParse(value) && ['http:', 'https:', 'ws:', 'wss:'].includes(new URL(value).protocol);
  return isKnown ? undefined : 'must be a URL that starts with http://, https://, ws:// or wss://';
}

function headerValueProblem(value: string): string | undefined {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? undefined : 'cannot be the value of a header';
}
