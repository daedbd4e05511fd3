import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Rooms of a museum, which two subgraphs share. Each knows things in them that the other has never heard of.

const things = {
  sign: { __typename: 'Sign', text: 'Do not touch' },
  painting: { __typename: 'Painting', title: 'Sea', owner: { name: 'Ann' } },
  scroll: { __typename: 'Scroll', lines: 7 },
};

export const subgraphs: SubgraphSources = {
  gallery: {
    sdl: `${link}
      type Query { gallery: Room, anyRoom: Room @shareable }
      type Room @key(fields: "id") { id: ID!, wall: Wall @shareable }
      type Wall @shareable { things: [Thing!]!, found: Found }
      union Thing = Sign | Painting
      interface Found { id: ID! }
      type Sign implements Found @shareable { id: ID!, text: String }
      type Painting implements Found @shareable { id: ID!, title: String, owner: Owner }
      type Owner @shareable { name: String }`,
    resolvers: {
      Query: { gallery: () => ({ id: 'g' }), anyRoom: () => ({ id: 'r' }) },
      Room: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        wall: ({ id }: { id: string }) => ({ things: id === 'r' ? [things.sign] : [things.sign, things.painting] }),
      },
      Wall: { found: () => ({ id: 'f', ...things.painting }) },
    },
  },
  archive: {
    sdl: `${link}
      type Query { archive: Room, anyRoom: Room @shareable }
      type Room @key(fields: "id") { id: ID!, wall: Wall @shareable, shelf: Wall, keeper: String }
      type Wall @shareable { things: [Thing!]!, found: Found }
      union Thing = Sign | Scroll
      interface Found { id: ID! }
      type Sign implements Found @shareable { id: ID!, text: String }
      type Scroll implements Found { id: ID!, lines: Int }`,
    resolvers: {
      Query: { archive: () => ({ id: 'a' }), anyRoom: () => ({ id: 'r' }) },
      Room: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        wall: ({ id }: { id: string }) => ({ things: id === 'r' ? [things.sign] : [things.sign, things.scroll] }),
        shelf: () => ({ things: [things.scroll] }),
        keeper: () => 'Ed',
      },
      Wall: { found: () => ({ id: 'f', ...things.scroll }) },
    },
  },
  insurer: {
    sdl: `${link}
      type Query { insured: Painting }
      type Painting @shareable { id: ID!, title: String, owner: Owner, worth: Int }
      type Owner @shareable { name: String }`,
    resolvers: { Query: { insured: () => ({ id: 'f', title: 'Sea', worth: 9 }) } },
  },
};
