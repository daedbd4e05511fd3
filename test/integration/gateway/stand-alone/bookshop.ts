import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';

import { sendJson, startPeer } from '../peer.ts';
import type { Peer } from '../peer.ts';

// Two subgraphs as anybody might run them: no tokens, no headers of ours, just GraphQL over HTTP.

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;

const sdls = {
  books: `${link}
    type Query { books: [Book!]!, edition0: Int }
    type Mutation { sell(title: String!): Boolean }
    type Book { title: String!, author: Author }
    type Author @key(fields: "id") { id: ID! }`,
  authors: `${link}
    type Query { author(id: ID!): Author }
    type Author @key(fields: "id") { id: ID!, name: String! }`,
};
export type BookshopSubgraph = keyof typeof sdls;
const names = Object.keys(sdls) as BookshopSubgraph[];

const resolvers = {
  books: {
    Query: { books: () => [{ title: 'Emma', author: { id: '1' } }] },
    Mutation: { sell: () => true },
  },
  authors: {
    Query: { author: ({ id }: { id: string }) => ({ id, name: 'Jane' }) },
    Author: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Jane' }) },
  },
};

export interface Bookshop extends AsyncDisposable {
  readonly peers: Readonly<Record<BookshopSubgraph, Peer>>;
  /** The supergraph in its n-th version: only the name of the field `Query.edition<n>` differs. */
  supergraph(version?: number): string;
}

export async function startBookshop(): Promise<Bookshop> {
  const started = await Promise.all(names.map(startSubgraph));
  const peers = Object.fromEntries(names.map((name, index) => [name, started[index]])) as Bookshop['peers'];
  const composed = composeBookshop((name) => `${peers[name].url}/graphql`);
  return {
    peers,
    supergraph: (version = 0) => composed.replaceAll('edition0', `edition${version}`),
    async [Symbol.asyncDispose]() {
      for (const peer of started) await peer[Symbol.asyncDispose]();
    },
  };
}

export function composeBookshop(urlOf: (name: BookshopSubgraph) => string): string {
  const services = names.map((name) => ({ name, url: urlOf(name), typeDefs: parse(sdls[name]) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}

/** A server for one of the subgraphs. */
export function startSubgraph(name: BookshopSubgraph): Promise<Peer> {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdls[name]), resolvers: resolvers[name] });
  return startPeer((request, response) => {
    const { query, variables } = JSON.parse((request as { text?: string }).text!) as {
      query: string;
      variables?: Record<string, unknown>;
    };
    const result = execute({ schema, document: parse(query), variableValues: variables ?? null });
    void Promise.resolve(result).then((body) => sendJson(response, body));
  });
}

export const BOOKS = '{ books { title author { name } } }';
export const BOOKS_ANSWER = { data: { books: [{ title: 'Emma', author: { name: 'Jane' } }] } };
