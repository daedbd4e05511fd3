import { parseDocument } from 'yaml';

// From the text of a config file to plain values, with what `${NAME}` stands for put in. JSON is YAML as well.

const VARIABLE = /\$?\$\{(\w+)(?::-([^}]*))?\}/g;
const MAX_ALIASES = 100; // repetitions of repetitions would grow without end

/**
 * The values of a config file. `${NAME}` within text stands for a variable of the environment, `${NAME:-text}` for one with a
 * fallback, and `$${NAME}` for itself. What is wrong goes to `problem`.
 */
export function parseConfigText(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  problem: (text: string) => void,
): unknown {
  const document = parseDocument(text, { stringKeys: true, prettyErrors: false });
  for (const error of document.errors) problem(`It is not YAML: ${error.message} (at character ${error.pos[0]}).`);
  if (document.errors.length > 0) return undefined;
  try {
    return withVariables(document.toJS({ maxAliasCount: MAX_ALIASES }), { at: '', environment, problem });
  } catch {
    problem('Its aliases repeat too much.');
    return undefined;
  }
}

interface Substitution {
  at: string;
  environment: Readonly<Record<string, string | undefined>>;
  problem: (text: string) => void;
}

function withVariables(value: unknown, context: Substitution): unknown {
  const { at, environment, problem } = context;
  if (Array.isArray(value))
    return value.map((each, index) => withVariables(each, { ...context, at: `${at}[${index}]` }));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        withVariables(each, { ...context, at: at === '' ? name : `${at}.${name}` }),
      ]),
    );
  if (typeof value !== 'string') return value;
  return value.replace(VARIABLE, (found: string, name: string, fallback: string | undefined) => {
    if (found.startsWith('$$')) return found.slice(1);
    const replacement = environment[name] || fallback;
    if (replacement === undefined) problem(`${at} needs ${name}, which is not set in the environment.`);
    return replacement ?? found;
  });
}
