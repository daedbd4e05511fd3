import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, getOperationAST, GraphQLError, Kind, OperationTypeNode, parse } from 'graphql';
import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Sql } from 'sql-template-tag';
import type { EntitySchema } from 'typeorm';

import type { AccessRequirements } from './access/access-map.ts';
import type { Permissions } from './access/permissions.ts';
import { guardSchema } from './access/shield.ts';
import { ALL_WALLS } from './access/walls.ts';
import type { Walls } from './access/walls.ts';
import type { Clock } from './clock.ts';
import { SECOND } from './clock.ts';
import { createCursorCodec } from './connection/cursor.ts';
import { createRequestContext } from './context.ts';
import type { RequestContext } from './context.ts';
import { openDatabase } from './database/database.ts';
import type { Database } from './database/database.ts';
import { badUserInput, deadlineExceeded, toPublicError } from './errors.ts';
import { startWith } from './lifecycle.ts';
import type { Handle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import type { EventHandlers } from './messaging/consumer.ts';
import type { EventTransport } from './messaging/transport.ts';
import { startWorkers } from './messaging/workers.ts';
import type { Job, Workers } from './messaging/workers.ts';
import { createPreparedOperations } from './operations.ts';
import { scalars } from './scalars.ts';
import type { Subgraph, SubgraphCall, SubgraphRequest } from './subgraph.ts';
import { startChangeFeed } from './subscription/change-feed.ts';
import type { Change } from './subscription/change.ts';
import { createSubscriber, SUBSCRIPTION_LIMITS } from './subscription/subscriber.ts';
import type { SubscriptionLimits } from './subscription/subscriber.ts';
import { limitWork } from './work-budget.ts';
import { auditMutations } from './write/audit-mutations.ts';
import { createWriter } from './write/writer.ts';
import type { Writer } from './write/writer.ts';

/** What a subgraph is made of. The kit adds the database, the walls, the request context and the error catalog. */
export interface SubgraphDefinition<Context extends RequestContext> {
  name: string;
  sdl: string;
  /** Resolvers by type and field. Scalars of the contract need none. */
  resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  permissions: Permissions;
  /** Requirements of the contract's access map; only fields that this subgraph has are looked at. */
  requirements: AccessRequirements;
  entities: readonly EntitySchema[];
  /** Adds the subgraph's own parts, such as loaders, to the context of one request. */
  extendContext(context: RequestContext): Context;
  /** What it does when others tell of something. */
  handlers?: EventHandlers;
  /** What it looks after by itself. */
  jobs?(parts: { database: Database; writer: Writer }): readonly Job[];
}

/** A subgraph that answers. Its workers are started apart, in this process or in another one. */
export interface RunningSubgraph extends Subgraph {
  readonly database: Database;
  readonly writer: Writer;
  /** Publishes and handles events and does the jobs, until stopped. Call it at most once. */
  startWorkers(transport: EventTransport): Promise<Handle>;
}

/** What a running subgraph needs from outside. */
export interface SubgraphDependencies {
  /** URL of the database, with the subgraph's own login role. */
  databaseUrl: string;
  /** Key of the cursor signature: at least 32 bytes, the same on every replica. */
  cursorKey: Uint8Array;
  logger: Logger;
  clock: Clock;
  maxConnections?: number;
  /** A statement that runs longer is ended by the server, and its caller told DEADLINE_EXCEEDED. */
  statementTimeoutMs?: number;
  /** What subscriptions may take; those left out are the usual ones. */
  subscriptions?: Partial<SubscriptionLimits>;
  /** Set by the test kit only. */
  walls?: Walls;
  /** Sees every statement the subgraph sends. */
  onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

const MAX_CONNECTIONS = 10;
const COUNT_CONNECTIONS = 2;
const STATEMENT_TIMEOUT_MS = 5 * SECOND;
const COUNT_BUDGET_MS = 1 * SECOND;
// SQLSTATE codes
const QUERY_CANCELED = '57014'; // a statement that ran past its timeout
const UNSTORABLE_CHARACTER = '22021'; // a parameter with a NUL, which PostgreSQL text cannot hold

/** Builds the schema behind its walls and opens the database. Rejects when rules and schema do not fit or the database is away. */
export async function createSubgraph<Context extends RequestContext>(
  definition: SubgraphDefinition<Context>,
  dependencies: SubgraphDependencies,
): Promise<RunningSubgraph> {
  const { clock, walls = ALL_WALLS } = dependencies;
  const logger = dependencies.logger.child({ subgraph: definition.name });
  const typeDefs = parse(definition.sdl);
  const bare = buildSubgraphSchema({ typeDefs, resolvers: withScalars(typeDefs, definition.resolvers) });
  const guarded = guardSchema(bare, definition.permissions, definition.requirements);
  const schema = auditMutations(limitWork(walls.rules ? guarded : bare));
  const operations = createPreparedOperations(schema);
  const cursors = createCursorCodec(dependencies.cursorKey);

  return startWith(async (stack) => {
    const open = (purpose: string, maxConnections: number, statementTimeoutMs: number) =>
      openDatabase({
        url: dependencies.databaseUrl,
        applicationName: `tributary-${definition.name}${purpose}`,
        entities: definition.entities,
        maxConnections,
        statementTimeoutMs,
        onPoolError: (err) => logger.warn({ err }, 'an idle database connection was lost'),
        ...(dependencies.onStatement && { onStatement: dependencies.onStatement }),
      });
    const database = stack.use(
      await open(
        '',
        dependencies.maxConnections ?? MAX_CONNECTIONS,
        dependencies.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      ),
    );
    // Counting has its own few connections, whose server-side timeout is the time budget of `totalCount`: a slow count neither
    // delays the page nor takes its connections.
    const counting = stack.use(await open('-counts', COUNT_CONNECTIONS, COUNT_BUDGET_MS));

    const limits = { ...SUBSCRIPTION_LIMITS, ...dependencies.subscriptions };
    const feed = schema.getSubscriptionType()
      ? stack.use(
          await startChangeFeed({
            database,
            databaseUrl: dependencies.databaseUrl,
            schema: definition.name,
            maxWaiting: limits.waitingChanges,
            logger,
          }),
        )
      : null;

    let workers: Workers | undefined;
    const writer = createWriter({
      database: { ...database, transaction: (work) => database.transaction(work).catch(asRefusal) },
      schema: definition.name,
      clock,
      walls,
      onPublished(events) {
        if (events.some(({ onlySubscribers }) => !onlySubscribers)) workers?.wakeRelay();
        if (events.some(({ subjects }) => subjects !== undefined)) feed?.announce();
      },
    });

    const contextOf = (call: SubgraphCall) =>
      createRequestContext({
        ...call,
        traceparent: call.traceparent ?? null,
        writer,
        clock,
        walls,
        cursors,
        logger,
        read: (statement) => database.query<never>(statement).catch(asRefusal),
        count: (statement) => countWithinBudget<never>(counting, statement),
        ...(feed && { follow: (subject: string) => feed.follow(subject) }),
      });

    async function executeOne(request: SubgraphRequest, call: SubgraphCall, change?: Change) {
      const context = contextOf(call);
      try {
        const result = await run(request, definition.extendContext(context), change);
        // Half an answer with an error at each of thousands of places helps nobody.
        if (context.work.ended) throw context.work.ended;
        return result;
      } catch (error) {
        return { errors: [asGraphQLError(error)] };
      } finally {
        context.finish();
      }
    }

    const subscribe =
      feed &&
      createSubscriber({
        ...{ schema, operations, contextOf, limits, clock },
        extendContext: (context) => definition.extendContext(context),
        execute: executeOne,
        toPublic: (result, call) => publicResult(result, call, logger),
      });

    return {
      name: definition.name,
      schema,
      database,
      writer,
      async startWorkers(transport) {
        workers = await startWorkers({
          schema: definition.name,
          database,
          databaseUrl: dependencies.databaseUrl,
          writer,
          transport,
          handlers: definition.handlers ?? {},
          jobs: definition.jobs?.({ database, writer }) ?? [],
          walls,
          logger,
        });
        return stack.use(workers);
      },
      isReady: () => database.isReady(),
      stop: () => stack.stop(),
      execute: async (request, call) => publicResult(await executeOne(request, call), call, logger),
      ...(subscribe && {
        subscribe: (request: SubgraphRequest, call: SubgraphCall) =>
          subscribe(request, call).catch((error: unknown) =>
            publicResult({ errors: [asGraphQLError(error)] }, call, logger),
          ),
      }),
    };
  });

  async function run(
    { query, variables, operationName }: SubgraphRequest,
    contextValue: Context,
    change: Change | undefined,
  ): Promise<ExecutionResult> {
    const { document, errors } = operations.prepare(query);
    if (errors.length > 0) return { errors: errors.map(asValidationError) };
    const operation = getOperationAST(document, operationName);
    if (!change && operation?.operation === OperationTypeNode.SUBSCRIPTION)
      throw badUserInput('A subscription is answered as a stream: send it with "accept: text/event-stream".');
    return execute({
      schema,
      document,
      rootValue: change,
      contextValue,
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    });
  }
}

type Resolvers = NonNullable<Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>['resolvers']>;

function withScalars(
  { definitions }: DocumentNode,
  resolvers: SubgraphDefinition<RequestContext>['resolvers'],
): Resolvers {
  const used = definitions.flatMap((each) => (each.kind === Kind.SCALAR_TYPE_DEFINITION ? [each.name.value] : []));
  // graphql-js lets every value through a scalar that nobody implements.
  const unknown = used.filter((name) => !scalars[name] && !resolvers[name]);
  if (unknown.length > 0) throw new Error(`Nothing implements the scalars ${unknown.join(', ')}.`);
  return { ...Object.fromEntries(used.map((name) => [name, scalars[name]])), ...resolvers } as Resolvers;
}

function publicResult(result: ExecutionResult, call: SubgraphCall, logger: Logger): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map((each) => {
    const { error, unexpected } = toPublicError(each);
    if (unexpected) logger.error({ err: unexpected, requestId: call.requestId, path: each.path }, 'a resolver failed');
    return error;
  });
  return { ...result, errors };
}

// A literal that a scalar refuses is the caller's mistake, and the gateway, which does not know our scalars, lets it pass.
function asValidationError(error: GraphQLError): GraphQLError {
  const refusal = error.originalError instanceof GraphQLError ? error.originalError : error;
  const { code = 'GRAPHQL_VALIDATION_FAILED' } = refusal.extensions;
  return new GraphQLError(refusal.message, { extensions: { code } });
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError)
    return new GraphQLError(error.message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  const originalError = error instanceof Error ? error : new Error('not an Error');
  return new GraphQLError(originalError.message, { originalError }); // what is not meant to be seen is masked later
}

// The server ends a count that runs too long; one that waits too long for its turn is given up here.
async function countWithinBudget<Row>(counting: Database, statement: Sql): Promise<Row[] | null> {
  const budget = AbortSignal.timeout(COUNT_BUDGET_MS);
  const { promise: expired, resolve } = Promise.withResolvers<null>();
  budget.addEventListener('abort', () => resolve(null));
  const counted = counting.query<Row>(statement, budget).catch((error: unknown) => {
    if (budget.aborted || isSqlError(error, QUERY_CANCELED)) return null;
    return asRefusal(error);
  });
  return Promise.race([counted, expired]);
}

// What the caller is told where the reason is theirs, or the answer was only late; everything else stays a failure of ours.
function asRefusal(error: unknown): never {
  if (isSqlError(error, QUERY_CANCELED)) throw deadlineExceeded();
  if (isSqlError(error, UNSTORABLE_CHARACTER)) throw badUserInput('Text must not contain the character U+0000.');
  throw error;
}

function isSqlError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
