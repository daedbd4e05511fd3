import { buildASTSchema, execute, GraphQLError, GraphQLObjectType, isObjectType, parse } from 'graphql';
import type { ExecutionResult, GraphQLFieldResolver, GraphQLSchema } from 'graphql';

import { DomainError, toPublicError, unauthenticated } from '@tributary/kit/errors';
import { invalidId, tryParseGlobalId } from '@tributary/kit/ids';
import { invariant } from '@tributary/kit/invariant';
import { createPreparedOperations } from '@tributary/kit/operations';
import type { Subgraph, SubgraphCall } from '@tributary/kit/subgraph';

import { listTooLong } from '../errors.ts';

// `Query.node` and `Query.nodes`: the prefix of a global id names the type, the subgraph that owns the type does the rest. So this
// subgraph has no data and runs inside the gateway.

const MAX_IDS = 100;

type Reference = { __typename: string; id: string };
type NodeResolver<Arguments> = GraphQLFieldResolver<unknown, SubgraphCall, Arguments>;

/** `sdl`: the stubs of all types that implement Node, as the compose command generates them. */
export function createNodesSubgraph(sdl: string): Subgraph {
  const schema = createSchema(sdl);
  const operations = createPreparedOperations(schema);

  async function run(query: string, variables: Record<string, unknown>, call: SubgraphCall): Promise<ExecutionResult> {
    const { document, errors } = operations.prepare(query);
    if (errors.length > 0) return { errors };
    return execute({ schema, document, contextValue: call, variableValues: variables });
  }

  return {
    name: 'nodes',
    schema,
    async execute({ query, variables }, call) {
      try {
        const { errors, ...result } = await run(query, { ...variables }, call);
        return errors ? { ...result, errors: errors.map((each) => toPublicError(each).error) } : result;
      } catch (error) {
        return { errors: [new GraphQLError('', { originalError: error instanceof Error ? error : null })] };
      }
    },
    isReady: async () => true,
    stop: async () => undefined,
  };
}

function createSchema(sdl: string): GraphQLSchema {
  // The federation directives in the document are left as they are: nobody executes them here.
  const schema = buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true });
  const query = schema.getQueryType();
  invariant(query instanceof GraphQLObjectType, 'The nodes subgraph has no Query type.');
  const { node, nodes } = query.getFields();
  invariant(node && nodes, 'The nodes subgraph has no Query.node and Query.nodes.');

  const toReference = (id: string): Reference => {
    const type = tryParseGlobalId(id)?.type;
    // An id of a type that is not published is no id of this graph.
    if (type === undefined || !isObjectType(schema.getType(type))) throw invalidId({ expected: 'object' });
    return { __typename: type, id };
  };
  const resolveNode: NodeResolver<{ id: string }> = (_source, { id }, call) => {
    if (call.principal === null) throw unauthenticated();
    return toReference(id);
  };
  const resolveNodes: NodeResolver<{ ids: readonly string[] }> = (_source, { ids }, call) => {
    if (call.principal === null) throw unauthenticated();
    if (ids.length > MAX_IDS) throw listTooLong({ argument: 'ids', limit: MAX_IDS });
    return ids.map((id) => orError(() => toReference(id)));
  };
  node.resolve = resolveNode;
  nodes.resolve = resolveNodes;
  return schema;
}

// An error in the place of an item costs that item alone.
function orError<T>(make: () => T): T | DomainError {
  try {
    return make();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
