import { readFile } from 'node:fs/promises';

import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import type { GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';

// A process of its own: stock `@apollo/gateway` inside Apollo Server 5 on Fastify, as its documentation sets it up.

type Context = { authorization?: string };
type Options = GraphQLDataSourceProcessOptions<Context>;

class ForwardingDataSource extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({ request, context }: Options) {
    // Typed loosely: the introspection that Apollo itself may send has no context.
    const { authorization } = context as Context;
    if (authorization !== undefined) request.http?.headers.set('authorization', authorization);
  }
}

const [supergraphFile] = process.argv.slice(2);
const gateway = new ApolloGateway({
  supergraphSdl: await readFile(supergraphFile!, 'utf8'),
  buildService: ({ url }) => new ForwardingDataSource({ url: url! }),
});
const apollo = new ApolloServer<Context>({ gateway });
await apollo.start();
const app = Fastify();
app.route({
  method: ['GET', 'POST'],
  url: '/graphql',
  handler: fastifyApolloHandler(apollo, {
    context: async ({ headers: { authorization } }) => (authorization === undefined ? {} : { authorization }),
  }),
});
process.on('disconnect', () => process.exit());
process.send!({ kind: 'ready', url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql` });
