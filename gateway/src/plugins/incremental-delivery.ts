import { AsyncLocalStorage } from 'node:async_hooks';

import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';

import { acceptsParts } from '../accepts-parts.ts';
import type { DeferredPayload } from '../execution/plan-executor.ts';
import type { IncrementalAnswers, LaterParts } from '../incremental-answers.ts';
import type { FormatError } from './error-masking.ts';

// Sends an answer in parts: `multipart/mixed; deferSpec=20220824`, as Apollo Server writes it. The initial result has gone the way of
// every result when it arrives here, with its errors formatted; what follows is formatted here.

export interface IncrementalDeliveryDeps {
  answers: IncrementalAnswers;
  formatError: FormatError;
}

export function createIncrementalDelivery({
  answers,
  formatError,
}: IncrementalDeliveryDeps): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart({ request, contextValue, requestIsBatched }) {
      // Apollo Server cannot put answers in parts into a batch.
      if (requestIsBatched || !acceptsParts(request.http?.headers.get('accept'))) return undefined;
      answers.expect(contextValue);
      // Parts are written when the client has taken those before, outside of whatever the request runs in.
      const withinRequest = AsyncLocalStorage.snapshot();
      return {
        async willSendResponse({ response }) {
          const rest = answers.take(contextValue);
          if (!rest) return;
          if (response.body.kind !== 'single' || response.body.singleResult.data === undefined) {
            await rest.later.return?.(); // something went wrong after the execution
            return;
          }
          const { singleResult } = response.body;
          response.body = {
            kind: 'incremental',
            initialResult: { ...singleResult, hasNext: true },
            subsequentResults: formatLater(rest, (error) => withinRequest(() => formatError(error.toJSON(), error))),
          };
        },
      };
    },
  };
}

async function* formatLater({ later }: LaterParts, format: (error: GraphQLError) => GraphQLFormattedError) {
  for await (const { incremental, hasNext } of later)
    yield { incremental: incremental.map((each) => formatPayload(each, format)), hasNext };
}

function formatPayload(
  { path, label, data, errors }: DeferredPayload,
  format: (error: GraphQLError) => GraphQLFormattedError,
) {
  return { ...(errors && { errors: errors.map(format) }), data, path, ...(label !== undefined && { label }) };
}
