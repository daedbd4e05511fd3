import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { products, reviews, shippingEstimate, users } from './data.ts';
import type { Product, Review, User } from './data.ts';
import { SUBGRAPHS } from './schema.ts';
import type { SubgraphName } from './schema.ts';

type Resolvers = Record<string, Record<string, (source: never, values: never) => unknown>>;

const userBy = (id: string) => users.find((user) => user.id === id);
const productBy = (upc: string) => products.find((product) => product.upc === upc);
const [firstUser] = users;

const RESOLVERS: Record<SubgraphName, Resolvers> = {
  accounts: {
    Query: { users: () => users, user: (_source: never, { id }: { id: string }) => userBy(id) },
    User: { __resolveReference: ({ id }: Pick<User, 'id'>) => userBy(id) },
  },
  products: {
    Query: { topProducts: (_source: never, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: Pick<Product, 'upc'>) => productBy(upc) },
  },
  inventory: {
    Product: {
      __resolveReference: (reference: Product) => ({ ...reference, inStock: productBy(reference.upc)?.inStock }),
      shippingEstimate: (product: Product) => shippingEstimate(product),
    },
  },
  reviews: {
    Review: {
      __resolveReference: ({ id }: Pick<Review, 'id'>) => reviews.find((review) => review.id === id),
      product: ({ productUpc }: Review) => ({ upc: productUpc }),
      author: () => firstUser,
    },
    User: { reviews: () => reviews.slice(0, 2) },
    Product: { reviews: ({ upc }: Pick<Product, 'upc'>) => reviews.filter(({ productUpc }) => productUpc === upc) },
  },
};

export function createSubgraphSchema(name: SubgraphName): GraphQLSchema {
  return buildSubgraphSchema({ typeDefs: parse(SUBGRAPHS[name]), resolvers: RESOLVERS[name] as never });
}
