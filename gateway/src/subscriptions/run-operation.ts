import type { HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';

import type { Session } from '../auth/authenticate.ts';
import type { RequestRecord } from '../context.ts';
import type { FormatError } from '../plugins/error-masking.ts';
import { STREAM } from './stream-request.ts';
import type { RequestedSubscription } from './stream-request.ts';

// Every operation goes through Apollo Server, whatever protocol it came by: limits, plugins and error formats are there. The executor
// leaves a subscription in the context, and Apollo Server's own answer to it is dropped.

/** As much of an Apollo Server as operations need. */
export interface ApolloLike {
  executeHTTPGraphQLRequest(options: {
    httpGraphQLRequest: HTTPGraphQLRequest;
    context: () => Promise<object>;
  }): Promise<HTTPGraphQLResponse>;
}

export interface RunOperationDeps {
  apollo: ApolloLike;
  /** The context of an operation; room for a stream is added to it. What it throws is answered. */
  contextOf: (operation: { record: RequestRecord; session: Session; request: HTTPGraphQLRequest }) => object;
  /** Runs work so that code that is called without a context knows for which request it works. */
  run: <T>(record: RequestRecord, work: () => T) => T;
}

export interface OperationRequest {
  request: HTTPGraphQLRequest;
  record: RequestRecord;
  /** Finds out who calls; what it throws is answered. */
  identify: () => Promise<Session>;
}

export type OperationOutcome =
  | { kind: 'answer'; answer: HTTPGraphQLResponse }
  | { kind: 'subscription'; subscription: RequestedSubscription; session: Session };

/** Runs an operation, or checks and plans it when it is a subscription. */
export async function runOperation(
  { request, record, identify }: OperationRequest,
  { apollo, contextOf, run }: RunOperationDeps,
): Promise<OperationOutcome> {
  const stream: { subscription: RequestedSubscription | null } = { subscription: null };
  const identified = Promise.withResolvers<Session>();
  const answer = await run(record, () =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: request,
      async context() {
        const session = await identify();
        identified.resolve(session);
        return { ...contextOf({ record, session, request }), [STREAM]: stream };
      },
    }),
  );
  const { subscription } = stream;
  return subscription
    ? { kind: 'subscription', subscription, session: await identified.promise }
    : { kind: 'answer', answer };
}

/** Formats errors that arise after Apollo Server has answered like those before. */
export function createFormatErrors(formatError: FormatError, { run }: Pick<RunOperationDeps, 'run'>) {
  return (errors: readonly GraphQLError[], record: RequestRecord): readonly GraphQLFormattedError[] =>
    run(record, () => errors.map((error) => formatError(error.toJSON(), error)));
}
