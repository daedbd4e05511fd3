import { Kind, parse, print, validate, visit } from 'graphql';
import type { ASTNode, DefinitionNode, DocumentNode, GraphQLSchema, SelectionNode } from 'graphql';

import type { GeneratedOperation } from './generate-operation.ts';

// Takes away from an operation whatever is not needed for what is wrong with its answer.

const MAX_TRIES = 400;

/** The smallest operation that could be found for which `isWrong` still holds. */
export async function shrinkOperation(
  operation: GeneratedOperation,
  { schema, isWrong }: { schema: GraphQLSchema; isWrong: (operation: GeneratedOperation) => Promise<boolean> },
): Promise<GeneratedOperation> {
  let smallest = operation;
  let tries = 0;
  for (let index = 0; tries < MAX_TRIES; index += 1) {
    const smaller = withoutPart(smallest, index, schema);
    if (smaller === null) return smallest;
    if (smaller === 'invalid') continue;
    tries += 1;
    if (!(await isWrong(smaller))) continue;
    smallest = smaller;
    index = -1; // what could not be taken away before may go now
  }
  return smallest;
}

/** Null when there are not that many parts. */
function withoutPart(
  operation: GeneratedOperation,
  index: number,
  schema: GraphQLSchema,
): GeneratedOperation | 'invalid' | null {
  let count = -1;
  const isIt = () => (count += 1) === index;
  const drop = () => (isIt() ? null : undefined);
  const document = visit(operation.document, {
    SelectionSet(node) {
      // A fragment gives way to what is in it.
      for (const [position, selection] of node.selections.entries()) {
        if (selection.kind !== Kind.INLINE_FRAGMENT || !isIt()) continue;
        const selections: SelectionNode[] = [...node.selections];
        selections.splice(position, 1, ...selection.selectionSet.selections);
        return { ...node, selections };
      }
      if (node.selections.length < 2) return undefined;
      const kept = node.selections.filter(() => !isIt());
      return kept.length < node.selections.length ? { ...node, selections: kept } : undefined;
    },
    OperationDefinition: (node) => (node.name?.value === operation.operationName ? undefined : drop()),
    Directive: drop,
    Argument: drop,
    Field: (node) => (node.alias && isIt() ? withoutAlias(node) : undefined),
  });
  if (index > count) return null;
  const tidy = withoutUnused(document, operation.operationName);
  if (validate(schema, tidy).length > 0) return 'invalid';
  return { ...operation, document: tidy, text: print(tidy) };
}

function withoutAlias<T extends { alias?: unknown }>(node: T): T {
  return { ...node, alias: undefined };
}

function withoutUnused(document: DocumentNode, operationName: string): DocumentNode {
  const used = new Set<string>();
  const fragments = new Set<string>();
  const collect = (node: ASTNode): void => {
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void used.add(name.value),
      FragmentSpread({ name }) {
        if (fragments.has(name.value)) return;
        fragments.add(name.value);
        const definition = document.definitions.find(
          (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name.value,
        );
        if (definition) collect(definition);
      },
    });
  };
  for (const each of document.definitions) if (each.kind === Kind.OPERATION_DEFINITION) collect(each);
  const definitions = document.definitions.flatMap((each): DefinitionNode[] => {
    if (each.kind === Kind.FRAGMENT_DEFINITION) return fragments.has(each.name.value) ? [each] : [];
    if (each.kind !== Kind.OPERATION_DEFINITION || each.name?.value !== operationName) return [each];
    const variableDefinitions = (each.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    );
    return [{ ...each, variableDefinitions }];
  });
  return parse(print({ kind: Kind.DOCUMENT, definitions }), { noLocation: true });
}
