import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import { parse, specifiedRules, validate } from 'graphql';

// The gateway sends the same few operation texts over and over, so a parsed and validated document is kept. Reasons make no
// suggestions: the names here include those that the graph keeps to itself.

const MAX_DOCUMENTS = 1_000;
const MAX_KEPT_LENGTH = 32 * 1_024; // texts beyond it carry data of their own and do not come again
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
      if (known) {
        // Moved to the end, so that the texts of every day outlast those seen once.
        prepared.delete(query);
        prepared.set(query, known);
        return known;
      }
      const document = parse(query, { noLocation: true, maxTokens: MAX_TOKENS });
      const entry = { document, errors: validate(schema, document, specifiedRules, { hideSuggestions: true }) };
      if (query.length > MAX_KEPT_LENGTH) return entry;
      if (prepared.size >= MAX_DOCUMENTS) prepared.delete(prepared.keys().next().value!); // the one not used for longest
      prepared.set(query, entry);
      return entry;
    },
  };
}
