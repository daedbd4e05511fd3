import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** The supergraph of some subgraphs, or why there is none. */
export function compose(sdls: ReadonlyMap<string, string>): { sdl: string } | { problems: readonly string[] } {
  const services = [...sdls].map(([name, sdl]) => ({ name, url: `http://${name}.invalid/`, typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  return supergraphSdl === undefined ? { problems: (errors ?? []).map(String) } : { sdl: supergraphSdl };
}
