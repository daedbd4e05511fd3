import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, DocumentNode } from 'graphql';

// Reads the `@link` applications of a supergraph: which specifications it uses, what for, and under which local names.

/** A specification that a supergraph links. */
export interface LinkedFeature {
  /** URL without version, for example https://specs.apollo.dev/requiresScopes. */
  identity: string;
  url: string;
  /** SECURITY or EXECUTION: a gateway that does not know the feature must not serve the graph. */
  purpose: string | null;
  /** Name of the directive that is called like the feature itself, as this document spells it. */
  directiveName: string;
  /** Prefix of the feature's other definitions: `<namespace>__Scope`. */
  namespace: string;
  node: ConstDirectiveNode;
}

/** Every linked feature, in document order. */
export function readLinkedFeatures(document: DocumentNode): readonly LinkedFeature[] {
  return document.definitions
    .filter((each) => each.kind === Kind.SCHEMA_DEFINITION || each.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((schema) => schema.directives ?? [])
    .filter((directive) => directive.name.value === 'link')
    .map(readLink);
}

/** Name of another directive of the feature, as this document spells it. */
export function directiveNameIn({ node, namespace }: LinkedFeature, name: string): string {
  return importedName(argumentOf(node, 'import'), `@${name}`) ?? `${namespace}__${name}`;
}

function readLink(node: ConstDirectiveNode): LinkedFeature {
  const url = textOf(argumentOf(node, 'url')) ?? '';
  const [, identity, specName] = /^(.*\/([^/]+))\/v\d+\.\d+\/?$/.exec(url) ?? [undefined, url, ''];
  const namespace = textOf(argumentOf(node, 'as')) ?? specName ?? '';
  return {
    identity: identity ?? url,
    url,
    purpose: textOf(argumentOf(node, 'for')),
    directiveName: importedName(argumentOf(node, 'import'), `@${specName}`) ?? namespace,
    namespace,
    node,
  };
}

function argumentOf(node: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return node.arguments?.find((argument) => argument.name.value === name)?.value;
}

function textOf(value: ConstValueNode | undefined): string | null {
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : null;
}

// An import is either a plain name or { name: "@spec", as: "@local" }.
function importedName(imports: ConstValueNode | undefined, specName: string): string | null {
  if (imports?.kind !== Kind.LIST) return null;
  for (const each of imports.values) {
    if (textOf(each) === specName) return specName.slice(1);
    if (each.kind !== Kind.OBJECT) continue;
    const fields = new Map(each.fields.map((field) => [field.name.value, textOf(field.value)]));
    if (fields.get('name') === specName) return (fields.get('as') ?? specName).slice(1);
  }
  return null;
}
