import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { ConfigError } from '@tributary/kit/config';
import type { Environment } from '@tributary/kit/config';

import { issuerProblems } from '../auth/issuer-config.ts';
import { describeConfigFile } from './config-file.ts';
import type { ConfigFile } from './config-file.ts';
import { parseConfigText } from './config-text.ts';
import { parseFlags } from './flags.ts';

// Flags, environment and config file of a gateway that runs alone. Flags win over the file.

export interface StandAloneConfig {
  /** URL, or path of a file. */
  supergraph: string;
  executor: 'own' | 'stock';
  settings: ConfigFile;
}

type Problem = (text: string) => void;

/** Throws one `ConfigError` that names every problem. Answers `help` when that is what was asked for. */
export function readStandAloneConfig(
  args: readonly string[] = process.argv.slice(2),
  environment: Environment = process.env,
): StandAloneConfig | 'help' {
  const problems: string[] = [];
  const problem: Problem = (text) => void problems.push(text);
  const flags = parseFlags(args, problem);
  if (flags.help) return 'help';

  const base = startedIn(environment);
  const settings = readSettings(flags.config === undefined ? undefined : resolve(base, flags.config), {
    environment,
    problem,
  });
  const { supergraph = '' } = flags;
  const isUrl = isHttpUrl(supergraph);
  const source = isUrl || supergraph === '' ? supergraph : resolve(base, supergraph);
  if (source !== '' && !isUrl) requireFile(source, '--supergraph', problem);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    supergraph: source,
    executor: flags.executor,
    settings: { ...settings, host: flags.host ?? settings.host, port: flags.port ?? settings.port },
  };
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

// npm runs scripts in the project's folder, whatever folder it was called in.
function startedIn({ npm_lifecycle_event: script, INIT_CWD: calledIn }: Environment): string {
  return script === 'gateway' && calledIn ? calledIn : process.cwd();
}

function readSettings(
  path: string | undefined,
  { environment, problem }: { environment: Environment; problem: Problem },
): ConfigFile {
  const inFile: Problem = (text) => problem(`${path}: ${text}`);
  const shape = describeConfigFile({ production: environment.NODE_ENV === 'production' });
  const values =
    path !== undefined && requireFile(path, '--config', problem)
      ? parseConfigText(readFileSync(path, 'utf8'), environment, inFile)
      : undefined;
  const settings = shape.read(values, '', inFile);
  const complete = settings.jwt.issuers.filter(({ issuer, audience }) => issuer !== '' && audience !== '');
  for (const text of issuerProblems(complete, settings)) inFile(text);
  if (settings.jwt.required && settings.jwt.issuers.length === 0) inFile('jwt.required needs jwt.issuers.');
  return settings;
}

function requireFile(path: string, flag: string, problem: Problem): boolean {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) problem(`${flag}: there is no file ${path}.`);
  return isFile;
}
