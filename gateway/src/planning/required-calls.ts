import { Kind, print } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode, FieldNode, SelectionSetNode } from 'graphql';

import {
  argumentsOf,
  fieldTypesOf,
  hasFields,
  JOIN_FIELD,
  namedTypeOf,
  parseFieldSet,
  subgraphNamesOf,
} from './join-directives.ts';
import type { FieldsDefinitionNode } from './join-directives.ts';

// A field may require another one with arguments: `@requires(fields: "price(currency: EUR)")`. The planner merges fields by their names
// and forgets arguments, so that one call stands in for another: the client's for the required one, or those of two requirements for
// each other. In the supergraph that the planner gets, each required call is therefore a field of its own. The plan gets the real one
// back (`restore-calls.ts`).

export interface RequiredCalls {
  /** From the name of a call to the field that is called. No other field of the supergraph has such a name. */
  fields: ReadonlyMap<string, string>;
  /** By `subgraph Type.field`: the calls that the field requires, by the place where its subgraph expects them. */
  byField: ReadonlyMap<string, CallsByPlace>;
}

export type CallsByPlace = ReadonlyMap<string, string>;

type Types = ReadonlyMap<string, FieldsDefinitionNode>;

export function separateRequiredCalls(document: DocumentNode): { document: DocumentNode; calls: RequiredCalls } {
  const types = fieldTypesOf(document);
  const separating: Separating = { types, names: createCallNames(types), added: new Map() };
  const subgraphs = subgraphNamesOf(document);
  const byField = new Map<string, CallsByPlace>();

  const separateIn = (directive: ConstDirectiveNode, type: string, field: string): ConstDirectiveNode => {
    const { graph, requires } = directive.name.value === JOIN_FIELD ? argumentsOf(directive) : {};
    if (!requires?.includes('(')) return directive;
    const calls = new Map<string, string>();
    const selectionSet = separate(parseFieldSet(requires), type, { ...separating, place: [], calls });
    byField.set(`${subgraphs.get(graph ?? '')} ${type}.${field}`, calls);
    return withRequires(directive, selectionSet.selections.map(print).join(' '));
  };

  const separated = [...document.definitions].map((definition) => {
    if (!hasFields(definition)) return definition;
    const type = definition.name.value;
    const fields = definition.fields?.map((field) => ({
      ...field,
      directives: (field.directives ?? []).map((each) => separateIn(each, type, field.name.value)),
    }));
    return fields ? { ...definition, fields } : definition;
  });
  const definitions = separated.map((definition) => {
    const calls = hasFields(definition) ? separating.added.get(definition.name.value) : undefined;
    return calls && hasFields(definition)
      ? { ...definition, fields: [...(definition.fields ?? []), ...calls.values()] }
      : definition;
  });
  return { document: { ...document, definitions }, calls: { fields: separating.names.fields, byField } };
}

interface Separating {
  types: Types;
  names: CallNames;
  /** Fields to be added, by type and name. */
  added: Map<string, Map<string, FieldDefinitionNode>>;
}

function separate(
  { selections }: SelectionSetNode,
  parent: string,
  context: Separating & { place: readonly string[]; calls: Map<string, string> },
): SelectionSetNode {
  return {
    kind: Kind.SELECTION_SET,
    selections: selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection; // a field set has none
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? parent;
        return { ...selection, selectionSet: separate(selection.selectionSet, type, context) };
      }
      const place = [...context.place, selection.name.value];
      const type = fieldOf(context.types, parent, selection.name.value)?.type;
      const inner =
        selection.selectionSet && type
          ? { ...selection, selectionSet: separate(selection.selectionSet, namedTypeOf(type), { ...context, place }) }
          : selection;
      if (!selection.arguments?.length) return inner;
      const call = context.names.of(selection);
      addCall({ type: parent, field: selection.name.value, call }, context);
      context.calls.set(place.join('.'), call);
      return { ...inner, name: { kind: Kind.NAME, value: call } };
    }),
  };
}

function addCall({ type, field, call }: { type: string; field: string; call: string }, { types, added }: Separating) {
  for (const each of [type, ...implementersOf(type, types)]) {
    const definition = fieldOf(types, each, field);
    if (!definition) continue;
    const calls = added.get(each) ?? new Map<string, FieldDefinitionNode>();
    calls.set(call, { ...definition, name: { kind: Kind.NAME, value: call } });
    added.set(each, calls);
  }
}

interface CallNames {
  /** The same for the same field with the same arguments. */
  of: (call: FieldNode) => string;
  fields: ReadonlyMap<string, string>;
}

function createCallNames(types: Types): CallNames {
  const taken = new Set([...types.values()].flatMap(({ fields }) => fields?.map(({ name }) => name.value) ?? []));
  const byText = new Map<string, string>();
  const fields = new Map<string, string>();
  return {
    fields,
    of: ({ name, arguments: given }) => {
      const text = print({ kind: Kind.FIELD, name, ...(given && { arguments: given }) });
      let call = byText.get(text);
      if (call === undefined) {
        for (let number = byText.size + 1; call === undefined || taken.has(call); number += 1)
          call = `${name.value}__call${number}`;
        taken.add(call);
        byText.set(text, call);
        fields.set(call, name.value);
      }
      return call;
    },
  };
}

function fieldOf(types: Types, type: string, field: string): FieldDefinitionNode | undefined {
  return types.get(type)?.fields?.find(({ name }) => name.value === field);
}

function implementersOf(type: string, types: Types): readonly string[] {
  return [...types.values()].flatMap(({ name, interfaces }) =>
    interfaces?.some((each) => each.name.value === type) ? [name.value] : [],
  );
}

function withRequires(directive: ConstDirectiveNode, requires: string): ConstDirectiveNode {
  const given = directive.arguments ?? [];
  return {
    ...directive,
    arguments: given.map((each) =>
      each.name.value === 'requires' ? { ...each, value: { kind: Kind.STRING, value: requires } } : each,
    ),
  };
}
