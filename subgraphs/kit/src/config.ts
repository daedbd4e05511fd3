// Reads settings from an environment-like object. Every problem is collected, so that one start tells all of them;
// values of secrets are never printed. Each workspace describes its own settings in its own `config.ts`.

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem found in the settings, one line each. The message is ready to be shown to the operator. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface ConfigReader {
  /** The text of a setting, or `fallback`; without a fallback a missing setting is a problem. */
  text(name: string, fallback?: string): string;
  optionalText(name: string): string | undefined;
  integer(name: string, fallback: number, range: { min: number; max: number }): number;
  flag(name: string, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T;
  /** A URL whose protocol is one of `protocols` (written with the colon, as in `https:`). */
  url(name: string, protocols: readonly string[], fallback?: string): string;
  optionalUrl(name: string, protocols: readonly string[]): string | undefined;
  /** Parses the text with `parse`, which throws an Error with a readable reason; the value itself is not repeated. */
  secret<T>(name: string, parse: (text: string) => T): T | undefined;
  /** Records a problem that spans several settings. */
  problem(text: string): void;
}

/**
 * Runs `read` over `environment` and returns its frozen result, or throws one `ConfigError` naming every problem.
 * An empty value counts as not set, as it does in shells and compose files.
 */
export function readConfig<T extends object>(environment: Environment, read: (reader: ConfigReader) => T): Readonly<T> {
  const problems: string[] = [];
  try {
    const config = read(createReader(environment, problems));
    if (problems.length === 0) return Object.freeze(config);
  } catch (error) {
    // A reader that works on with a value already found wrong may fail on it; the problem itself is what the operator needs.
    if (problems.length === 0) throw error;
  }
  throw new ConfigError(problems);
}

function createReader(environment: Environment, problems: string[]): ConfigReader {
  const raw = (name: string) => environment[name] || undefined;
  const problem = (text: string) => void problems.push(text);
  const parseUrl = (name: string, value: string, protocols: readonly string[]): string => {
    const protocol = URL.canParse(value) ? new URL(value).protocol : undefined;
    // The value is not repeated: it may hold a password.
    if (protocol === undefined || !protocols.includes(protocol))
      problem(`${name} must be a URL that starts with ${protocols.map((each) => `${each}//`).join(' or ')}.`);
    return value;
  };
  return {
    problem,
    text(name, fallback) {
      const value = raw(name) ?? fallback;
      if (value === undefined) problem(`${name} is required.`);
      return value ?? '';
    },
    optionalText: raw,
    integer(name, fallback, { min, max }) {
      const value = raw(name);
      if (value === undefined) return fallback;
      const number = Number(value);
      if (!/^-?\d+$/.test(value) || number < min || number > max)
        problem(`${name} must be a whole number from ${min} to ${max}, not "${value}".`);
      return number;
    },
    flag(name, fallback) {
      const value = raw(name);
      if (value === undefined) return fallback;
      if (value !== 'true' && value !== 'false') problem(`${name} must be true or false, not "${value}".`);
      return value === 'true';
    },
    oneOf(name, allowed, fallback) {
      const value = raw(name);
      const found = value === undefined ? fallback : allowed.find((each) => each === value);
      if (found === undefined) problem(`${name} must be one of ${allowed.join(', ')}, not "${value}".`);
      return found ?? fallback;
    },
    url(name, protocols, fallback) {
      const value = raw(name) ?? fallback;
      if (value === undefined) problem(`${name} is required.`);
      return value === undefined ? '' : parseUrl(name, value, protocols);
    },
    optionalUrl(name, protocols) {
      const value = raw(name);
      return value === undefined ? undefined : parseUrl(name, value, protocols);
    },
    secret(name, parse) {
      const value = raw(name);
      if (value === undefined) return undefined;
      try {
        return parse(value);
      } catch (error) {
        // The messages of parsers, such as that of JSON.parse, quote what they could not read.
        const quotes = !(error instanceof Error) || error instanceof SyntaxError || error.message.includes(value);
        problem(`${name} is not usable: ${quotes ? 'wrong form' : error.message.replace(/\.$/, '')}.`);
        return undefined;
      }
    },
  };
}
