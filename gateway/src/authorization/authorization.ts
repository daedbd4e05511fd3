import type { GraphQLSchema } from 'graphql';

import type { AccessRequirements } from './access-requirements.ts';
import { createEffectiveRequirements } from './effective-requirements.ts';
import { filterOperation } from './filter-operation.ts';
import type { FilteredOperation, OperationInDocument } from './filter-operation.ts';
import { meets } from './grants.ts';
import type { Grants } from './grants.ts';
import { findGuardedSelections } from './guarded-selections.ts';

// Enforces `@authenticated`, `@requiresScopes` and `@policy` before an operation is planned. What an operation asks of callers is found
// once. A caller meets some of it; callers who meet the same share one plan.

export interface Authorization {
  /** What an operation asks of its callers; null for nothing. */
  guard(operation: OperationInDocument): GuardedOperation | null;
}

export interface GuardedOperation {
  /** Names of the policies that decide about it. */
  policies: readonly string[];
  /** Equal texts: the verdicts of one are verdicts of the other. */
  signature: string;
  /** Which of its requirements are met, one character for each; equal texts mean equal rights in this operation. */
  verdict(grants: Grants): string;
  /** Everything is met. */
  fullVerdict: string;
  /** Null for a caller who may have everything. What the verdict does not say is not met. */
  filter(verdict: string): FilteredOperation | null;
}

const MET = '1';
const UNMET = '0';

export function createAuthorization(access: AccessRequirements, schema: GraphQLSchema): Authorization {
  const effective = createEffectiveRequirements(access, schema);
  return {
    guard(operation) {
      const { requirements, policies, bySelection } = findGuardedSelections(operation, { schema, effective });
      if (requirements.length === 0) return null;
      const fullVerdict = MET.repeat(requirements.length);
      return {
        policies,
        signature: JSON.stringify(requirements),
        verdict: (grants) => requirements.map((each) => (meets(grants, each) ? MET : UNMET)).join(''),
        fullVerdict,
        filter: (verdict) =>
          verdict !== fullVerdict
            ? filterOperation(operation, (selection) =>
                (bySelection.get(selection) ?? []).some((position) => verdict[position] !== MET),
              )
            : null,
      };
    },
  };
}
