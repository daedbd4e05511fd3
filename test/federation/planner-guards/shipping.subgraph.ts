import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSource } from '../../kit/subgraph-source.ts';

/** Computes from what it requires of the catalog, and answers with what it was given. Nothing can be looked up here by `id`. */
export const shipping: SubgraphSource = {
  sdl: `${link}
    type Query { parcel: Product }
    type Product @key(fields: "id", resolvable: false) @key(fields: "upc") {
      id: ID!
      upc: ID!
      name: String @external
      price(currency: String = "EUR"): String @external
      items(limit: Int!): [Item!] @external
      size: Size @external
      label: String @requires(fields: "name")
      cost: String @requires(fields: "price")
      dollars: String @requires(fields: "price(currency: \\"USD\\")")
      few(of: Int): String @requires(fields: "items(limit: 2) { id }")
      many(of: Int): String @requires(fields: "items(limit: 4) { id }")
      european: String @requires(fields: "size { value(unit: CM) }")
      american: String @requires(fields: "size { value(unit: INCH) } name")
      trailer: Media @external
      long: String @requires(fields: "trailer { length(unit: CM) }")
      longer: String @requires(fields: "trailer { ... on Film { length(unit: INCH) } }")
      weight: Int
    }
    interface Media { length(unit: Unit!): String }
    type Film implements Media @external { length(unit: Unit!): String }
    type Song implements Media @external { length(unit: Unit!): String }
    type Item @shareable { id: ID! }
    type Size @external { value(unit: Unit!): String }
    enum Unit { CM INCH }
  `,
  resolvers: {
    Query: { parcel: () => ({ id: '1', upc: 'u1' }) },
    Product: {
      __resolveReference: (reference: { upc?: string }) => {
        if (reference.upc === undefined) throw new Error('Nothing can be looked up here by id.');
        return reference;
      },
      label: ({ name }: { name: string }) => `label of ${name}`,
      cost: ({ price }: { price: string }) => `cost of ${price}`,
      dollars: ({ price }: { price: string }) => `dollars of ${price}`,
      few: counted('few'),
      many: counted('many'),
      european: ({ size }: { size: { value: string } }) => `european ${size.value}`,
      american: ({ size, name }: { size: { value: string }; name: string }) => `american ${name} ${size.value}`,
      long: ({ trailer }: { trailer: { length: string } }) => `long ${trailer.length}`,
      longer: ({ trailer }: { trailer: { length: string } }) => `longer ${trailer.length}`,
      weight: () => 5,
    },
  },
};

function counted(name: string) {
  return ({ items }: { items: readonly unknown[] }, { of }: { of?: number }) => `${name}: ${items.length} of ${of}`;
}
