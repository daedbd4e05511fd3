import { parseArgs } from 'node:util';

import { ConfigError } from '@tributary/kit/config';

import { SEED_SIZES } from '../seed/index.ts';
import type { SeedSizeName } from '../seed/index.ts';

export interface SeedArguments {
  /** Undefined: as the settings say. */
  size: SeedSizeName | undefined;
  /** Administrator's URL. Undefined: as the settings say. */
  databaseUrl: string | undefined;
}

const SIZES = Object.keys(SEED_SIZES) as SeedSizeName[];
const USAGE = `Usage: npm run seed -- [${SIZES.join('|')}] [--database postgres://...]`;

/** Throws one `ConfigError` naming every problem. */
export function parseSeedArguments(args: readonly string[]): SeedArguments {
  const { positionals, values } = readArguments(args);
  const problems: string[] = [];
  const [name, ...rest] = positionals;
  const size = SIZES.find((each) => each === name);
  if (name !== undefined && size === undefined)
    problems.push(`The size must be one of ${SIZES.join(', ')}, not "${name}".`);
  if (rest.length > 0) problems.push(`There is one size at most, not "${positionals.join(' ')}".`);
  const { database } = values;
  // The value is not repeated: it may hold a password.
  if (database !== undefined && !isDatabaseUrl(database))
    problems.push('--database must name a database, as in postgres://user:password@host/tributary.');
  if (problems.length > 0) throw new ConfigError([...problems, USAGE]);
  return { size, databaseUrl: database };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { database: { type: 'string' } } });
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : 'The arguments cannot be read.', USAGE]);
  }
}

function isDatabaseUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1;
}
