import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { execute, GraphQLError, parse, validate } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';

import type { Subgraph, SubgraphCall, SubgraphRequest } from '@tributary/kit/subgraph';

// A supergraph of two tiny subgraphs: `books` knows the books, `reviews` adds what readers think of them.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@authenticated", "@requiresScopes"]
)`;

const booksSdl = `${link}
  type Query {
    book(id: ID!): Book
    books: [Book]!
    whoami: String
    isbn(of: BookInput!): String @authenticated
  }
  type Mutation { rename(id: ID!, title: String!): Book }
  input BookInput { id: ID!, edition: EditionInput }
  input EditionInput { year: Int!, secret: String }
  type Book @key(fields: "id") {
    id: ID!
    title: String!
    similar: [Book!]!
    draft: String @requiresScopes(scopes: [["books:read", "drafts:read"], ["books:write"]])
  }`;

const reviewsSdl = `${link}
  type Query { newest: Review }
  type Book @key(fields: "id") {
    id: ID!
    title: String! @external
    rating: Int
    stars: Int!
    reviews: [Review!]
    blurb: String @requires(fields: "title")
  }
  type Review { id: ID!, text: String!, book: Book! }`;

export const sdls = { books: booksSdl, reviews: reviewsSdl } as const;
export type LibrarySubgraph = keyof typeof sdls;

const titles: Readonly<Record<string, string>> = { 1: 'Emma', 2: 'Persuasion', 3: 'Sanditon' };

/** Replaces resolvers of a test, by type and field. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const resolvers: Record<LibrarySubgraph, Resolvers> = {
  books: {
    Query: {
      book: (_: unknown, { id }: { id: string }) => findBook(id),
      books: () => Object.keys(titles).map(findBook),
      whoami: (_: unknown, __: unknown, { principal }: SubgraphCall) => JSON.stringify(principal),
      isbn: () => '978-0',
    },
    Mutation: { rename: (_: unknown, { id, title }: { id: string; title: string }) => ({ ...findBook(id), title }) },
    Book: {
      __resolveReference: ({ id }: { id: string }) => findBook(id),
      similar: ({ id }: { id: string }) =>
        Object.keys(titles)
          .filter((each) => each !== id)
          .map(findBook),
      draft: () => 'chapter one',
    },
  },
  reviews: {
    Query: { newest: () => ({ id: 'r1', text: 'Fine.', book: { id: '2' } }) },
    Book: {
      __resolveReference: (reference: object) => reference,
      rating: ({ id }: { id: string }) => Number(id) * 10,
      stars: () => 5,
      reviews: ({ id }: { id: string }) => [{ id: `r${id}`, text: 'Fine.', book: { id } }],
      blurb: ({ title }: { title: string }) => `${title}: fine`,
    },
  },
};

function findBook(id: string) {
  const title = titles[id];
  return title === undefined ? null : { id, title };
}

export function composeLibrary(changed: Partial<Record<LibrarySubgraph, string>> = {}): string {
  const services = Object.entries({ ...sdls, ...changed }).map(([name, sdl]) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}

/** A subgraph of the library. `changed` replaces some of its resolvers. */
export function createLibrarySubgraph(name: LibrarySubgraph, changed: Resolvers = {}): Subgraph {
  const merged = { ...resolvers[name] };
  for (const [type, fields] of Object.entries(changed)) merged[type] = { ...merged[type], ...fields };
  const schema = buildSubgraphSchema({ typeDefs: parse(sdls[name]), resolvers: merged as never });
  return {
    name,
    schema,
    execute: (request, call) => run(schema, request, call),
    isReady: async () => true,
    stop: async () => undefined,
  };
}

/** What a subgraph of any vendor does: errors keep what the resolver threw, stack traces and all. */
async function run(schema: GraphQLSchema, request: SubgraphRequest, call: SubgraphCall): Promise<ExecutionResult> {
  const document = parse(request.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  const result = await execute({ schema, document, contextValue: call, variableValues: request.variables ?? null });
  return {
    ...result,
    ...(result.errors && {
      errors: result.errors.map(
        (error) =>
          new GraphQLError(error.message, {
            path: error.path ?? null,
            extensions: { ...error.extensions, stacktrace: error.originalError?.stack?.split('\n') },
          }),
      ),
    }),
  };
}
