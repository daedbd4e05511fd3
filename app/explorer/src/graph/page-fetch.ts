import type { Caller } from '../caller/caller.ts';
import type { Exchange, Graph } from './graph.ts';
import { Unreachable } from './graph.ts';

export interface PageFetchDeps {
  graph: Graph;
  caller: () => Caller;
  /** Told about each answer to an operation of the person, not about reading the schema. */
  onExchange: (exchange: Exchange) => void;
}

/** What GraphiQL sends its requests with. */
export function createPageFetch({ graph, caller, onExchange }: PageFetchDeps): typeof fetch {
  return async (_url, init = {}) => {
    const { response, exchange } = await graph.fetchAs(caller(), init);
    if (!isIntrospection(init.body)) onExchange(exchange);
    const type = response.headers.get('content-type') ?? '';
    if (!/json|multipart\/mixed/.test(type))
      throw new Unreachable(`The server answers ${response.status}, and not with GraphQL.`);
    return response;
  };
}

function isIntrospection(body: RequestInit['body']): boolean {
  return typeof body === 'string' && body.includes('"operationName":"IntrospectionQuery"');
}
