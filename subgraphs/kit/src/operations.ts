import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import { parse, validate } from 'graphql';

// The gateway sends the same few operation texts over and over, so a parsed and validated document is kept.

const MAX_DOCUMENTS = 1_000;
const MAX_TOKENS = 15_000;

export interface PreparedOperations {
  /** The document of an operation text, or the reasons why it cannot run. Throws the syntax error of a text that is no document. */
  prepare(query: string): { document: DocumentNode; errors: readonly GraphQLError[] };
}

export function createPreparedOperations(schema: GraphQLSchema): PreparedOperations {
  const prepared = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>();
  return {
    prepare(query) {
      const known = prepared.get(query);
      if (known) return known;
      const document = parse(query, { noLocation: true, maxTokens: MAX_TOKENS });
      const entry = { document, errors: validate(schema, document) };
      if (prepared.size >= MAX_DOCUMENTS) prepared.delete(prepared.keys().next().value!); // the oldest
      prepared.set(query, entry);
      return entry;
    },
  };
}
