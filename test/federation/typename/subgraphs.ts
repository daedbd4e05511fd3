import { link } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

const typeOf = ({ __typename }: { __typename: string }) => __typename;
const oven = { __typename: 'Oven', id: 'o1', watts: 900 };

export const subgraphs: SubgraphSources = {
  kitchen: {
    sdl: `${link}
      schema { query: Kitchen, mutation: Change }
      type Kitchen { device: Device, devices: [Device], any: Any, clock: Clock! }
      type Change { clean: Clock! }
      interface Device { id: ID! }
      union Any = Oven | Clock
      type Oven implements Device @key(fields: "id") { id: ID! }
      type Clock { time: Time }
      type Time @shareable { hours: Int }`,
    resolvers: {
      Kitchen: {
        device: () => oven,
        devices: () => [oven, null],
        any: () => ({ __typename: 'Clock' }),
        clock: () => ({}),
      },
      Change: { clean: () => ({}) },
      Device: { __resolveType: typeOf },
      Any: { __resolveType: typeOf },
      Clock: { time: () => ({ hours: 12 }) },
    },
  },
  power: {
    sdl: `${link}
      type Query { meter: Int }
      type Oven @key(fields: "id") { id: ID!, watts: Int, since: Time }
      type Time @shareable { hours: Int }`,
    resolvers: { Query: { meter: () => 1 }, Oven: { watts: () => 900, since: () => ({ hours: 3 }) } },
  },
};
