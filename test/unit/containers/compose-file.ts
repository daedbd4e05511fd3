import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

// The parts of docker-compose.yml that the tests look at, with variables put in as Compose does.

export const ROOT = join(import.meta.dirname, '../../..');

export interface ComposeService {
  image: string;
  build?: string;
  command?: string[];
  profiles?: string[];
  user?: string;
  read_only?: boolean;
  privileged?: boolean;
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  stop_grace_period?: string;
  networks?: string[];
  ports?: string[];
  volumes?: string[];
  environment: Record<string, string>;
  healthcheck?: { test: string[]; start_period: string };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean }>;
}

/** Throws for a `${NAME:?message}` without a value, as Compose does. */
export function readComposeFile(variables: Readonly<Record<string, string | undefined>>): ComposeFile {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const parsed = parse(text, { merge: true }) as ComposeFile;
  return mapTexts(parsed, (value) => interpolate(value, variables)) as ComposeFile;
}

/** Names of variables that stop Compose when they have no value. */
export function requiredVariables(): readonly string[] {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  return [...new Set([...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name!))];
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]));
  return value;
}

// https://docs.docker.com/reference/compose-file/interpolation/
function interpolate(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
    const value = variables[name];
    if (value) return value;
    if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest as string}`);
    return rest as string;
  });
}
