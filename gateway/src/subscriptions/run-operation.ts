import type { AsyncLocalStorage } from 'node:async_hooks';

import type { ApolloServer, HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';

import type { GatewayContext, RequestedSubscription, RequestRecord } from '../context.ts';
import type { FormatError } from '../plugins/error-masking.ts';

// Every operation goes through Apollo Server, whatever protocol it came by: limits, plugins and error formats are there. The executor
// leaves a subscription in the context, and Apollo Server's own answer to it is dropped.

export interface RunOperationDeps {
  apollo: Pick<ApolloServer<GatewayContext>, 'executeHTTPGraphQLRequest'>;
  currentRequest: AsyncLocalStorage<RequestRecord>;
}

export interface OperationRequest {
  request: HTTPGraphQLRequest;
  record: RequestRecord;
  /** Finds out who calls; what it throws is answered. */
  identify: () => Promise<unknown>;
}

export type OperationOutcome =
  { kind: 'answer'; answer: HTTPGraphQLResponse } | { kind: 'subscription'; subscription: RequestedSubscription };

/** Runs an operation, or checks and plans it when it is a subscription. */
export async function runOperation(
  { request, record, identify }: OperationRequest,
  { apollo, currentRequest }: RunOperationDeps,
): Promise<OperationOutcome> {
  const stream: { subscription: RequestedSubscription | null } = { subscription: null };
  const answer = await currentRequest.run(record, () =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: request,
      context: async () => {
        await identify();
        return { record, stream };
      },
    }),
  );
  const { subscription } = stream;
  return subscription ? { kind: 'subscription', subscription } : { kind: 'answer', answer };
}

/** Formats errors that arise after Apollo Server has answered like those before. */
export function createFormatErrors(formatError: FormatError, currentRequest: AsyncLocalStorage<RequestRecord>) {
  return (errors: readonly GraphQLError[], record: RequestRecord): readonly GraphQLFormattedError[] =>
    currentRequest.run(record, () => errors.map((error) => formatError(error.toJSON(), error)));
}
