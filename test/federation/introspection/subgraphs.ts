import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

export const subgraphs: SubgraphSources = {
  words: {
    sdl: `${link}
      directive @upper(mark: Mark! = STAR) repeatable on FIELD
      enum Mark { STAR DASH }
      type Query {
        "Looks a word up."
        word(id: ID!, "Language." language: String = "en"): Word @deprecated(reason: "Use words.")
        words: [Word!]!
      }
      type Word @key(fields: "id") { id: ID!, text: String! }`,
    resolvers: { Query: { words: () => [{ id: '1', text: 'one' }] } },
  },
  sounds: {
    sdl: `${link}
      directive @upper(mark: Mark! = STAR) repeatable on FIELD
      enum Mark { STAR DASH }
      type Word @key(fields: "id") { id: ID!, sound: String }`,
    resolvers: { Word: { sound: () => 'wan' } },
  },
};
