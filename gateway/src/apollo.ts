import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';

import type { Logger } from '@tributary/kit/logger';

import type { AnswerTexts } from './answer-texts.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import type { GatewayInterface } from './gateway.ts';
import type { FormatError } from './plugins/error-masking.ts';
import { createRequestRecordPlugin } from './plugins/request-record.ts';

export interface ApolloDeps {
  config: GatewayConfig;
  gateway: GatewayInterface;
  /** Of the gateway. */
  plugin: ApolloServerPlugin<BaseContext>;
  logger: Logger;
  formatError: FormatError;
  answerTexts: AnswerTexts;
}

/** Apollo Server over our gateway, with everything switched off that opens a connection or shows more than the graph. */
export function createApollo({
  config,
  gateway,
  plugin,
  logger,
  formatError,
  answerTexts,
}: ApolloDeps): ApolloServer<GatewayContext> {
  const { limits, production } = config;
  return new ApolloServer<GatewayContext>({
    gateway,
    nodeEnv: production ? 'production' : 'development',
    introspection: config.introspection,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false, // the process that starts the gateway decides when it stops
    parseOptions: { maxTokens: limits.tokens },
    maxRecursiveSelections: limits.selections,
    formatError,
    stringifyResult: (result) => answerTexts.textOf(result), // the route ends the line
    logger: {
      debug: (message) => logger.debug(message),
      info: (message) => logger.info(message),
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    plugins: [
      // These report to their vendor as soon as the environment holds a key for it.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createRequestRecordPlugin(),
      plugin,
    ],
  });
}
