import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// People and their dogs: either leads to the other, and each is completed by the other's subgraph.

type Reference = { id: string };

export const subgraphs: SubgraphSources = {
  people: {
    sdl: `${link}
      type Query { person: Person }
      type Person @key(fields: "id") { id: ID!, name: String, friend: Person }
      type Dog @key(fields: "id") { id: ID!, owner: Person, walkers: [Person!] }`,
    resolvers: {
      Query: { person: () => ({ id: 'p1' }) },
      Person: {
        name: ({ id }: Reference) => `name of ${id}`,
        friend: ({ id }: Reference) => ({ id: id === 'p1' ? 'p2' : 'p1' }),
      },
      Dog: { owner: () => ({ id: 'p1' }), walkers: () => [{ id: 'p1' }, { id: 'p2' }] },
    },
  },
  dogs: {
    sdl: `${link}
      type Query { dog: Dog }
      type Person @key(fields: "id") { id: ID!, dogs: [Dog!] }
      type Dog @key(fields: "id") { id: ID!, breed: String, parent: Dog }`,
    resolvers: {
      Query: { dog: () => ({ id: 'd1' }) },
      Person: { dogs: ({ id }: Reference) => (id === 'p1' ? [{ id: 'd1' }, { id: 'd2' }] : []) },
      Dog: {
        breed: ({ id }: Reference) => `breed of ${id}`,
        parent: ({ id }: Reference) => (id === 'd2' ? { id: 'd1' } : null),
      },
    },
  },
};
