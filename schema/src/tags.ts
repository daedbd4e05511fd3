import { Kind } from 'graphql';
import type { DirectiveNode, DocumentNode } from 'graphql';

// Which elements of a supergraph carry which `@tag`, by schema coordinate.

export type Tags = ReadonlyMap<string, ReadonlySet<string>>;

export function collectTags(supergraph: DocumentNode): Tags {
  const tags = new Map<string, ReadonlySet<string>>();
  for (const definition of supergraph.definitions) {
    if (!('name' in definition) || definition.name === undefined || !('directives' in definition)) continue;
    const type = definition.name.value;
    tags.set(type, tagNames(definition.directives));
    if ('values' in definition) {
      for (const value of definition.values ?? []) tags.set(`${type}.${value.name.value}`, tagNames(value.directives));
    }
    if ('fields' in definition) {
      for (const field of definition.fields ?? []) {
        const coordinate = `${type}.${field.name.value}`;
        tags.set(coordinate, tagNames(field.directives));
        if (field.kind !== Kind.FIELD_DEFINITION) continue;
        for (const arg of field.arguments ?? []) {
          tags.set(`${coordinate}(${arg.name.value}:)`, tagNames(arg.directives));
        }
      }
    }
  }
  return tags;
}

function tagNames(directives: readonly DirectiveNode[] = []): ReadonlySet<string> {
  return new Set(
    directives
      .filter((directive) => directive.name.value === 'tag')
      .flatMap((directive) => directive.arguments ?? [])
      .filter((argument) => argument.name.value === 'name')
      .map((argument) => (argument.value.kind === Kind.STRING ? argument.value.value : '')),
  );
}
