import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, DocumentNode } from 'graphql';

import { directiveNameIn, readLinkedFeatures } from '../linked-features.ts';

// `@cost` and `@listSize` of a supergraph, read into tables. Both are those of IBM's cost directives, as composition writes them.

/** How many items a list has, as far as the schema tells. */
export interface ListSize {
  assumedSize: number | null;
  /** Arguments that name the size; the largest counts. */
  slicingArguments: readonly string[];
  /** The lists below the field whose size it is; none when the field is the list itself. */
  sizedFields: readonly string[];
}

export interface CostRules {
  /** By `Type`, `Type.field` or `Type.field(argument:)`. */
  weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  lists: ReadonlyMap<string, ListSize>;
}

const COST = 'https://specs.apollo.dev/cost';

/** What the supergraph says about costs; empty tables when it says nothing. */
export function readCostRules(document: DocumentNode): CostRules {
  const weights = new Map<string, number>();
  const lists = new Map<string, ListSize>();
  const feature = readLinkedFeatures(document).find(({ identity }) => identity === COST);
  if (!feature) return { weights, lists };
  const costName = feature.directiveName;
  const listSizeName = directiveNameIn(feature, 'listSize');

  const readWeight = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    const weight = integer(argumentOf(find(directives, costName), 'weight'));
    if (weight !== null) weights.set(coordinate, Math.max(0, weight)); // nothing pays for something else
  };
  for (const definition of document.definitions) {
    if (!('name' in definition) || !definition.name || definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const type = definition.name.value;
    if ('directives' in definition) readWeight(type, definition.directives as readonly ConstDirectiveNode[]);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      readWeight(coordinate, field.directives);
      for (const argument of field.arguments ?? [])
        readWeight(`${coordinate}(${argument.name.value}:)`, argument.directives);
      const listSize = find(field.directives, listSizeName);
      if (listSize) lists.set(coordinate, readListSize(listSize));
    }
  }
  return { weights, lists };
}

function readListSize(directive: ConstDirectiveNode): ListSize {
  return {
    assumedSize: integer(argumentOf(directive, 'assumedSize')),
    slicingArguments: strings(argumentOf(directive, 'slicingArguments')),
    sizedFields: strings(argumentOf(directive, 'sizedFields')),
  };
}

function find(directives: readonly ConstDirectiveNode[] | undefined, name: string): ConstDirectiveNode | undefined {
  return directives?.find((directive) => directive.name.value === name);
}

function argumentOf(directive: ConstDirectiveNode | undefined, name: string): ConstValueNode | undefined {
  return directive?.arguments?.find((argument) => argument.name.value === name)?.value;
}

function integer(value: ConstValueNode | undefined): number | null {
  return value?.kind === Kind.INT ? Number(value.value) : null;
}

function strings(value: ConstValueNode | undefined): readonly string[] {
  const items = value?.kind === Kind.LIST ? value.values : value ? [value] : [];
  return items.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
}
