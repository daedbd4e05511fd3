import { HeaderMap } from '@apollo/server';
import { GraphQLError, Kind } from 'graphql';
import type { SelectionSetNode } from 'graphql';

import { fragmentsOf, isSelected } from '../execution/collect-fields.ts';
import type { Conditions } from '../execution/collect-fields.ts';
import { denialErrors } from '../execution/denials.ts';
import { conditionsOf } from '../execution/operation-shapes.ts';
import type { PlannedOperation, PlanRequest, PlanResult, PreparedOperation } from '../execution/plan-executor.ts';
import type { ResponsePath } from '../execution/response-data.ts';

// For graphs that would rather answer nothing than a part: an operation with a denied field is refused as a whole, and nothing of it runs.

/** What to do with an operation of which the caller may not have everything. */
export const AUTHORIZATION_MODES = ['filter', 'reject'] as const;
export type AuthorizationMode = (typeof AUTHORIZATION_MODES)[number];

/** Runs `prepared` where the conditions leave every denied field out. */
export function rejecting(planned: PlannedOperation, prepared: PreparedOperation): PreparedOperation {
  const { document, operation, adapted } = planned;
  const denied = adapted?.denied;
  if (!denied || denied.size === 0) return prepared;
  const fragments = fragmentsOf(document);
  const conditions = conditionsOf(operation);

  const deniedPaths = ({ selections }: SelectionSetNode, path: ResponsePath, when: Conditions): ResponsePath[] =>
    selections.flatMap((selection) => {
      if (!isSelected(selection.directives, when)) return [];
      if (selection.kind === Kind.FIELD) {
        const place = [...path, (selection.alias ?? selection.name).value];
        if (denied.has(selection)) return [place];
        return selection.selectionSet ? deniedPaths(selection.selectionSet, place, when) : [];
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      return fragment ? deniedPaths(fragment.selectionSet, path, when) : [];
    });

  /** Null for an operation that may run. */
  const refusalOf = ({ variables, call }: PlanRequest): PlanResult | null => {
    const when: Conditions = { isTrue: (name) => conditions.isTrue(name, variables) };
    const paths = distinct(deniedPaths(operation.selectionSet, [], when));
    if (paths.length === 0) return null;
    const http = { status: call.principal === null ? 401 : 403, headers: new HeaderMap() };
    const errors = denialErrors(paths, call).map(
      ({ message, path, extensions }) =>
        new GraphQLError(message, { path: path ?? null, extensions: { ...extensions, http } }),
    );
    return { errors };
  };
  return {
    execute: async (request) => refusalOf(request) ?? prepared.execute(request),
    ...(prepared.executeIncrementally && {
      executeIncrementally: async (request) => refusalOf(request) ?? prepared.executeIncrementally!(request),
    }),
    subscribe: async (request) => refusalOf(request) ?? prepared.subscribe(request),
  };
}

function distinct(paths: readonly ResponsePath[]): readonly ResponsePath[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()];
}
