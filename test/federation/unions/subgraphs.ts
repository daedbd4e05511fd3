import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Search results are of more types than any one subgraph knows.

const typeOf = ({ __typename }: { __typename: string }) => __typename;
const book = { __typename: 'Book', id: 'b1', pages: 100 };
const film = { __typename: 'Film', id: 'f1', minutes: 90 };
const song = { __typename: 'Song', id: 's1', beats: 120 };

export const subgraphs: SubgraphSources = {
  library: {
    sdl: `${link}
      type Query { shelf: [Hit!]!, favorite: Hit @shareable, box: Box @shareable }
      union Hit = Book | Film
      type Box @shareable { hit: Hit }
      type Book @key(fields: "id") { id: ID!, pages: Int! }
      type Film @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: { shelf: () => [film, book], favorite: () => film, box: () => ({ hit: film }) },
      Hit: { __resolveType: typeOf },
      Book: { __resolveReference: () => book },
    },
  },
  cinema: {
    sdl: `${link}
      type Query { program: [Hit!]!, favorite: Hit @shareable, box: Box @shareable, review: Review }
      union Hit = Film | Song
      type Box @shareable { hit: Hit }
      type Film @key(fields: "id") { id: ID!, minutes: Int! }
      type Song @key(fields: "id") { id: ID!, film: Film }
      union Review = Praise | Complaint
      type Praise { subject: Film, stars: Int }
      type Complaint { subject: Film, reason: Reason }
      type Reason { text: String }`,
    resolvers: {
      Query: {
        program: () => [song, film],
        favorite: () => film,
        box: () => ({ hit: film }),
        review: () => ({ __typename: 'Complaint', subject: film, reason: { text: 'long' } }),
      },
      Hit: { __resolveType: typeOf },
      Review: { __resolveType: typeOf },
      Film: { __resolveReference: () => film, minutes: () => 90 },
      Song: { film: () => film },
    },
  },
  radio: {
    sdl: `${link}
      type Song @key(fields: "id") { id: ID!, beats: Int! }
      type Film @key(fields: "id") { id: ID!, score: Score }
      union Score = Song | Silence
      type Silence { minutes: Int }`,
    resolvers: {
      Song: { beats: () => 120 },
      Film: { score: () => ({ __typename: 'Silence', minutes: 4 }) },
      Score: { __resolveType: typeOf },
    },
  },
};
