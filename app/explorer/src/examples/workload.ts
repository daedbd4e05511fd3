import { Kind, parse, print, separateOperations, TokenKind } from 'graphql';
import type { DefinitionNode, OperationDefinitionNode } from 'graphql';

/** One operation of the workload, with the fragments it uses. */
export interface Example {
  name: string;
  title: string;
  /** What the comment above the operation says about it. */
  summary: string;
  operation: 'query' | 'mutation' | 'subscription';
  text: string;
  /** Names of its variables; `!` marks those that must have a value. */
  variables: readonly string[];
}

/** The operations of a document, in its order. Throws on a document that does not parse. */
export function readWorkload(source: string): readonly Example[] {
  const document = parse(source);
  const separated = separateOperations(document);
  return document.definitions.filter(isNamedOperation).map((definition) => {
    const { value: name } = definition.name;
    return {
      name,
      title: titleOf(name),
      summary: commentAbove(definition),
      operation: definition.operation,
      text: operationFirst(separated[name]!.definitions),
      variables: (definition.variableDefinitions ?? []).map(
        ({ variable, type }) => `${variable.name.value}${type.kind === Kind.NON_NULL_TYPE ? '!' : ''}`,
      ),
    };
  });
}

type NamedOperation = OperationDefinitionNode & { readonly name: { readonly value: string } };

function isNamedOperation(definition: DefinitionNode): definition is NamedOperation {
  return definition.kind === Kind.OPERATION_DEFINITION && definition.name !== undefined;
}

/** "SupportCustomer360" is "Support customer 360". */
function titleOf(name: string): string {
  const words = name.match(/[A-Z][a-z]*|\d+/g) ?? [name];
  return words.map((word, index) => (index === 0 ? word : word.toLowerCase())).join(' ');
}

/** Comment lines that stand directly above a definition. */
function commentAbove({ loc }: OperationDefinitionNode): string {
  const lines: string[] = [];
  let token = loc?.startToken.prev;
  while (token?.kind === TokenKind.COMMENT && token.line === loc!.startToken.line - lines.length - 1) {
    lines.unshift(token.value.trim());
    token = token.prev;
  }
  return lines.join(' ');
}

/** The operation is what one wants to see; fragments come below. */
function operationFirst(definitions: readonly DefinitionNode[]): string {
  const rank = ({ kind }: DefinitionNode) => (kind === Kind.OPERATION_DEFINITION ? 0 : 1);
  return definitions
    .toSorted((a, b) => rank(a) - rank(b))
    .map(print)
    .join('\n\n');
}
