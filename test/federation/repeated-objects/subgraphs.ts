import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Many comments by few people. What one subgraph says of a person may depend on the comment, what the other says never does.

const PEOPLE = ['p1', 'p2', 'p1', 'p1', 'p1', 'p2', 'p1', 'p1', 'p1', 'p1', 'p1', 'p2'];
const LETTERS = { p1: 'ä "quoted" \\ line\nbreak ', p2: 'plain words ' };
type Id = keyof typeof LETTERS;

interface Comment {
  id: string;
  author: { id: Id; comment: number };
}

const comments: readonly Comment[] = PEOPLE.map((id, comment) => ({
  id: `c${comment}`,
  author: { id: id as Id, comment },
}));

export const titleOf = (id: Id, index: number) => `${index}. ${LETTERS[id].repeat(10)}`;
export const moodOf = (comment: number) => (comment % 4 === 0 ? 'sad' : 'glad');
export const authors: readonly Id[] = comments.map(({ author }) => author.id);

export const subgraphs: SubgraphSources = {
  comments: {
    sdl: `${link}
      type Query { comments: [Comment!]!, feed: [Entry!]! }
      interface Entry { id: ID! }
      type Comment implements Entry { id: ID!, author: Person }
      type Like implements Entry { id: ID!, author: Person }
      type Person @key(fields: "id") { id: ID!, mood: String, moods: [Mood!], best: Comment }
      type Mood { at: Int, name: String }`,
    resolvers: {
      Query: { comments: () => comments, feed: () => comments },
      Entry: { __resolveType: ({ id }: Comment) => (Number(id.slice(1)) % 2 === 0 ? 'Comment' : 'Like') },
      Person: {
        mood: ({ comment = 0 }: { comment?: number }) => moodOf(comment),
        moods: ({ comment = 0 }: { comment?: number }) => [
          { at: 1, name: 'glad' },
          { at: 2, name: moodOf(comment) },
        ],
        best: ({ id }: { id: Id }) => comments.find(({ author }) => author.id === id),
      },
    },
  },
  people: {
    sdl: `${link}
      type Person @key(fields: "id") { id: ID!, name(short: Boolean): String, books: [Book!], broken: String, diary: String @authenticated }
      type Book { title: String, pages: Int }`,
    resolvers: {
      Person: {
        name: ({ id }: { id: Id }, { short = false }: { short?: boolean }) => (short ? id : `name of ${id}`),
        books: ({ id }: { id: Id }) => [0, 1, 2, 3, 4, 5].map((index) => ({ title: titleOf(id, index), pages: index })),
        broken: ({ id }: { id: Id }) => {
          if (id === 'p2') throw new Error('Nobody knows.');
          return 'well';
        },
        diary: () => 'Dear diary',
      },
    },
  },
};
