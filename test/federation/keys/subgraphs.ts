import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

// Warehouses, shelves and parcels: `stock` knows them by one key, `labels` by another, `places` by one made of several fields, and
// `carriers` by a key within a key.

const parcels = [
  { id: 'p1', code: 'AA', aisle: 'north', slot: 1, carrier: { id: 'c1', country: { iso: 'pt' } } },
  { id: 'p2', code: 'BB', aisle: 'north', slot: 2, carrier: { id: 'c2', country: { iso: 'pt' } } },
  { id: 'p3', code: 'CC', aisle: 'south', slot: 1, carrier: { id: 'c1', country: { iso: 'es' } } },
];
type Parcel = (typeof parcels)[number];

const find = (matches: (parcel: Parcel) => boolean) => parcels.find(matches) ?? null;

export const subgraphs: SubgraphSources = {
  stock: {
    sdl: `${link}
      type Query { parcels: [Parcel!]!, parcel(id: ID!): Parcel }
      type Parcel @key(fields: "id") @key(fields: "aisle slot") @key(fields: "carrier { id country { iso } }") {
        id: ID!
        aisle: String! @shareable
        slot: Int! @shareable
        carrier: Carrier! @shareable
        weight: Int!
      }
      type Carrier @shareable { id: ID!, country: Country! }
      type Country @shareable { iso: String! }`,
    resolvers: {
      Query: { parcels: () => parcels, parcel: (_: unknown, { id }: Parcel) => find((each) => each.id === id) },
      Parcel: {
        __resolveReference: ({ id, aisle, slot, carrier }: Partial<Parcel>) =>
          find((each) => {
            if (id !== undefined) return each.id === id;
            if (aisle !== undefined) return each.aisle === aisle && each.slot === slot;
            return each.carrier.id === carrier?.id && each.carrier.country.iso === carrier.country.iso;
          }),
        weight: ({ slot }: Parcel) => slot * 100,
      },
    },
  },
  places: {
    sdl: `${link}
      type Query { place(aisle: String!, slot: Int!): Parcel }
      type Parcel @key(fields: "aisle slot") { aisle: String!, slot: Int!, lit: Boolean! }`,
    resolvers: {
      Query: { place: (_: unknown, place: Parcel) => place },
      Parcel: { lit: ({ aisle, slot }: Parcel) => aisle === 'north' && slot === 2 },
    },
  },
  carriers: {
    sdl: `${link}
      type Query { latest: Parcel }
      type Parcel @key(fields: "carrier { id country { iso } }") { carrier: Carrier!, days: Int! }
      type Carrier @shareable { id: ID!, country: Country! }
      type Country @shareable { iso: String! }`,
    resolvers: {
      Query: { latest: () => ({ carrier: { id: 'c1', country: { iso: 'es' } } }) },
      Parcel: { days: ({ carrier }: Parcel) => carrier.id.length + carrier.country.iso.length },
    },
  },
  codes: {
    sdl: `${link}
      type Query { scanned(code: String!): Parcel }
      type Parcel @key(fields: "id") @key(fields: "code") { id: ID!, code: String! @shareable, scans: Int! }`,
    resolvers: {
      Query: { scanned: (_: unknown, { code }: Parcel) => find((each) => each.code === code) },
      Parcel: {
        __resolveReference: ({ id, code }: Partial<Parcel>) =>
          find((each) => (id === undefined ? each.code === code : each.id === id)),
        scans: ({ code }: Parcel) => code.charCodeAt(0),
      },
    },
  },
  labels: {
    sdl: `${link}
      type Query { printed: [Parcel] }
      type Parcel @key(fields: "code") { code: String!, label: String! }`,
    resolvers: {
      Query: { printed: () => [{ code: 'CC' }, null, { code: 'AA' }] },
      Parcel: { label: ({ code }: Parcel) => `label ${code}` },
    },
  },
};
