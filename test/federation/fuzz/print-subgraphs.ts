import { resolvers } from './declare.ts';
import type { Argument, Field, Model } from './model.ts';

// The SDL of every subgraph of a model.

const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@provides", "@shareable", "@override", "@inaccessible", "@interfaceObject"]
)`;

export function printSubgraphs(model: Model): ReadonlyMap<string, string> {
  return new Map(model.subgraphs.map((name) => [name, printSubgraph(model, name)]));
}

function printSubgraph(model: Model, subgraph: string): string {
  const parts = [LINK, ...model.scalars.map((name) => `scalar ${name}`)];
  for (const { name, values, known } of model.enums.values())
    parts.push(`enum ${name} { ${(known.get(subgraph) ?? values).join(' ')} }`);
  for (const { name, fields, extra } of model.inputs.values()) {
    const own = extra.get(subgraph);
    parts.push(
      `input ${name} {${[...fields, ...(own ? [own] : [])].map((each) => `\n  ${printArgument(each)}`).join('')}\n}`,
    );
  }
  for (const { name, members } of model.unions.values()) {
    const known = members.get(subgraph);
    if (known) parts.push(`union ${name} = ${[...known].join(' | ')}`);
  }
  parts.push(...printInterfaces(model, subgraph));
  for (const [name, { fields, presence, kind }] of model.objects) {
    const here = presence.get(subgraph);
    if (!here) continue;
    const interfaces = [...model.interfaces.values()].filter(({ members }) => members.get(subgraph)?.has(name));
    const implementing = interfaces.map((each) => each.name).join(' & ');
    const keys = here.keys.map((key) => ` @key(fields: "${key.fields}"${key.resolvable ? '' : ', resolvable: false'})`);
    const heading = `type ${name}${implementing && ` implements ${implementing}`}${keys.join('')}`;
    parts.push(
      block(heading, fields.values(), {
        subgraph,
        keys: here.keys.map((key) => key.fields),
        isValue: kind === 'value',
      }),
    );
  }
  for (const [name, fields] of [
    ['Query', model.query],
    ['Mutation', model.mutation],
  ] as const)
    if (hasAny(fields.values(), subgraph))
      parts.push(block(`type ${name}`, fields.values(), { subgraph, keys: [], isValue: false }));
  return parts.join('\n');
}

function printInterfaces(model: Model, subgraph: string): string[] {
  return [...model.interfaces.values()].flatMap(({ name, fields, members, entity }) => {
    if (entity?.objectIn === subgraph)
      return block(`type ${name} @interfaceObject @key(fields: "${entity.key}")`, entity.fields.values(), {
        subgraph,
        keys: [entity.key],
        isValue: false,
      });
    const known = members.get(subgraph);
    if (!known) return [];
    const common = [...fields.values()].filter((field) => {
      return [...known].every((member) =>
        model.objects.get(member)!.fields.get(field.name)!.declarations.has(subgraph),
      );
    });
    const key = entity ? ` @key(fields: "${entity.key}")` : '';
    return `interface ${name}${key} {${common.map((field) => `\n  ${field.name}${printArguments(field.args)}: ${field.type}`).join('')}\n}`;
  });
}

const hasAny = (fields: Iterable<Field>, subgraph: string) =>
  [...fields].some(({ declarations }) => declarations.has(subgraph));

function block(
  heading: string,
  fields: Iterable<Field>,
  { subgraph, keys, isValue }: { subgraph: string; keys: readonly string[]; isValue: boolean },
): string {
  const lines = [...fields].flatMap((field) => {
    const declaration = field.declarations.get(subgraph);
    if (!declaration) return [];
    const isInKey = keys.some((key) => new RegExp(`\\b${field.name}\\b`).test(key.replace(/\{.*\}/, '')));
    const isShared = isValue || providers(field) > 1 || field.identifies !== undefined;
    const shareable = isShared && !isInKey && declaration.role !== 'external' ? ['@shareable'] : [];
    const directives = [...declaration.directives, ...shareable].map((each) => ` ${each}`).join('');
    return [`\n  ${field.name}${printArguments(field.args)}: ${declaration.type}${directives}`];
  });
  return `${heading} {${lines.join('')}\n}`;
}

/** How many subgraphs may answer the field, if only along one path. */
function providers(field: Field): number {
  const provided = [...field.declarations].filter(([, { role, isProvided }]) => role === 'external' && isProvided);
  return resolvers(field).length + provided.length;
}

export function printArguments(args: readonly Argument[]): string {
  return args.length === 0 ? '' : `(${args.map(printArgument).join(', ')})`;
}

function printArgument({ name, type, default: fallback }: Argument): string {
  return `${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`;
}
