import { OperationTypeNode } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';

import type { SubgraphCall } from '@tributary/kit/subgraph';

import type { PlanResult, PreparedOperation } from './execution/plan-executor.ts';
import { createFlights } from './flights.ts';

// Requests that ask the same at the same moment share one run, and its result is never written into. It is what sharing every single
// fetch would come to, for a part of the work. Only queries; after a mutation nobody joins a run that began before it.

/** Everything of a call that can change a result; calls with equal texts share. */
export type IdentityOf = (call: SubgraphCall) => string;

/** The same operation; what is asked of it twice at a time is done once. */
export type ShareRuns = (operation: OperationDefinitionNode, prepared: PreparedOperation) => PreparedOperation;

/** For the operations of one gateway. */
export function createSharedRuns(identityOf: IdentityOf): ShareRuns {
  let mutations = 0; // that have ended
  return ({ operation }, prepared) => {
    if (operation === OperationTypeNode.SUBSCRIPTION) return prepared;
    if (operation === OperationTypeNode.MUTATION)
      return { ...prepared, execute: (request) => prepared.execute(request).finally(() => void (mutations += 1)) };
    const flights = createFlights<PlanResult>();
    return {
      ...prepared,
      execute({ variables, call }) {
        const key = `${mutations} ${identityOf(call)} ${JSON.stringify(variables)}`;
        return flights.board(key, call, (shared) => prepared.execute({ variables, call: shared }));
      },
    };
  };
}
