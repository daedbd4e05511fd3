import { visit } from 'graphql';
import type { ConstDirectiveNode, DocumentNode } from 'graphql';

import { argumentsOf, JOIN_TYPE } from './join-directives.ts';

// When a field requires data of another subgraph, the planner comes back to the first key of the type, also if that subgraph cannot
// look anything up by it. So the keys that can be looked up by are put first.

export function resolvableKeysFirst(document: DocumentNode): DocumentNode {
  const reorder = <Node extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(node: Node) => {
    const directives = node.directives ?? [];
    if (!directives.some(isUnresolvable)) return undefined;
    return {
      ...node,
      directives: [...directives.filter((each) => !isUnresolvable(each)), ...directives.filter(isUnresolvable)],
    };
  };
  return visit(document, {
    ObjectTypeDefinition: (node) => reorder(node),
    InterfaceTypeDefinition: (node) => reorder(node),
  });
}

function isUnresolvable(directive: ConstDirectiveNode): boolean {
  return directive.name.value === JOIN_TYPE && argumentsOf(directive).resolvable === false;
}
