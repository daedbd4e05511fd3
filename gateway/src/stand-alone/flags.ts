import { parseArgs } from 'node:util';

export const USAGE = `npm run gateway -- --supergraph <file or URL> [options]

  --supergraph <file or URL>   the composed supergraph, Federation 2
  --config <file>              settings in YAML or JSON, see gateway/README.md
  --port <number>              4000 unless told otherwise; 0 takes any free port
  --host <address>             127.0.0.1 unless told otherwise
  --executor <own|stock>       stock: Apollo's own executor, for comparison
  --help`;

export interface Flags {
  help: boolean;
  supergraph: string | undefined;
  config: string | undefined;
  port: number | undefined;
  host: string | undefined;
  executor: 'own' | 'stock';
}

const KNOWN = ['supergraph', 'config', 'port', 'host', 'executor'] as const;
type Name = (typeof KNOWN)[number];

/** Reads the arguments of the command line. Each thing that is wrong with them goes to `problem`. */
export function parseFlags(args: readonly string[], problem: (text: string) => void): Flags {
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(KNOWN.map((name) => [name, { type: 'string' }] as const)),
      help: { type: 'boolean' },
    },
    strict: false,
    tokens: true,
  });
  const values = new Map<Name, string>();
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') problem(`"${token.value}" belongs to no flag.`);
    if (token.kind !== 'option') continue;
    const name = KNOWN.find((each) => each === token.name);
    if (token.name === 'help') help = true;
    else if (name === undefined) problem(`There is no flag ${token.rawName}.`);
    else if (values.has(name)) problem(`${token.rawName} is given twice.`);
    else if (token.value === undefined || token.value === '') problem(`${token.rawName} needs a value.`);
    else values.set(name, token.value);
  }
  if (!help && !tokens.some((token) => token.kind === 'option' && token.name === 'supergraph'))
    problem('--supergraph is required: a file, or a URL that starts with http:// or https://.');
  return {
    help,
    supergraph: values.get('supergraph'),
    config: values.get('config'),
    host: values.get('host'),
    port: portOf(values.get('port'), problem),
    executor: executorOf(values.get('executor'), problem),
  };
}

function portOf(value: string | undefined, problem: (text: string) => void): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) problem('--port must be a whole number from 0 to 65535.');
  return Number(value);
}

function executorOf(value: string | undefined, problem: (text: string) => void): 'own' | 'stock' {
  if (value !== undefined && value !== 'own' && value !== 'stock') problem('--executor must be own or stock.');
  return value === 'stock' ? 'stock' : 'own';
}
