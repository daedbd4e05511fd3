import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { Kind, visit } from 'graphql';
import type { DocumentNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';

import type { GatewayLimits } from '../config.ts';
import { depthLimitExceeded, refusal, reservedName } from '../errors.ts';

// Limits on the shape of an operation, checked before anything is planned or fetched. The number of tokens is the parser's own
// limit, and the number of selections that of Apollo Server's `maxRecursiveSelections`.

// Names that reach behind an object when a careless merge uses them as a key.
const RESERVED_NAMES = ['__proto__', 'constructor', 'prototype'];

export function createOperationLimits({ depth }: Pick<GatewayLimits, 'depth'>): ApolloServerPlugin<BaseContext> {
  // A document that passed once passes always; Apollo Server hands out the same object for the same text.
  const passed = new WeakSet<OperationDefinitionNode>();
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation }) => {
        if (!operation || passed.has(operation)) return; // without an operation nothing runs
        refuseReservedNames(document);
        if (depthOf(document, operation) > depth) throw refusal(depthLimitExceeded({ limit: depth }), { status: 400 });
        passed.add(operation);
      },
    }),
  };
}

/** Levels of nested fields, fragments spread out. The document has been validated: its fragments exist and make no cycle. */
export function depthOf(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.selectionSet] as const] : [],
    ),
  );
  const known = new Map<string, number>(); // one visit per fragment, however often it is spread
  const depthOfSet = (selectionSet: SelectionSetNode | undefined): number => {
    let deepest = 0;
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD) deepest = Math.max(deepest, 1 + depthOfSet(selection.selectionSet));
      else if (selection.kind === Kind.INLINE_FRAGMENT) deepest = Math.max(deepest, depthOfSet(selection.selectionSet));
      else deepest = Math.max(deepest, depthOfFragment(selection.name.value));
    }
    return deepest;
  };
  const depthOfFragment = (name: string): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const depth = depthOfSet(fragments.get(name));
    known.set(name, depth);
    return depth;
  };
  return depthOfSet(operation.selectionSet);
}

function refuseReservedNames(document: DocumentNode): void {
  const refuse = (name: string | undefined) => {
    if (name !== undefined && RESERVED_NAMES.includes(name)) throw refusal(reservedName({ name }), { status: 400 });
  };
  visit(document, {
    Field: ({ alias }) => refuse(alias?.value),
    VariableDefinition: ({ variable }) => refuse(variable.name.value),
  });
}
