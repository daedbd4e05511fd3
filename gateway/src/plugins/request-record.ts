import type { ApolloServerPlugin } from '@apollo/server';

import type { GatewayContext } from '../context.ts';

/** Notes what a request asks for in its record, for the log line, and how to let go of its result. Names only: variables may hold personal data. */
export function createRequestRecordPlugin(): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async ({ contextValue: { record } }) => ({
      didResolveOperation: async ({ operation, operationName }) => {
        record.operationName = operationName;
        record.operationType = operation?.operation ?? null;
      },
      willSendResponse: async ({ response }) => {
        record.forgetResult = () => {
          if (response.body.kind === 'single') response.body = { kind: 'single', singleResult: {} };
        };
      },
    }),
  };
}
