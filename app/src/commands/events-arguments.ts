import { parseArgs } from 'node:util';

import { ConfigError } from '@tributary/kit/config';

import { SUBGRAPHS } from '../config.ts';

const ACTIONS = ['status', 'dead-letters', 'replay', 'relist'] as const;

export interface EventsArguments {
  action: (typeof ACTIONS)[number];
  /** Only its dead letters; undefined: all. */
  consumer: string | undefined;
  /** Only this one. */
  eventId: string | undefined;
  /** Administrator's URL. Undefined: as the settings say, or the embedded server that runs. */
  databaseUrl: string | undefined;
}

const USAGE = `Usage: npm run events -- ${ACTIONS.join('|')} [--consumer ${SUBGRAPHS.join('|')}] [--id UUID] [--database postgres://...]`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws one `ConfigError` naming every problem. */
export function parseEventsArguments(args: readonly string[]): EventsArguments {
  const { positionals, values } = readArguments(args);
  const problems: string[] = [];
  const action = ACTIONS.find((each) => each === positionals[0]);
  if (action === undefined || positionals.length > 1) problems.push(`Name one of ${ACTIONS.join(', ')}.`);
  const { consumer, id, database } = values;
  if (consumer !== undefined && !SUBGRAPHS.some((name) => name === consumer))
    problems.push(`--consumer must be one of ${SUBGRAPHS.join(', ')}, not "${consumer}".`);
  if (id !== undefined && !UUID.test(id))
    problems.push('--id must be the id of an event, as "dead-letters" prints it.');
  if (action !== undefined && action !== 'replay' && (consumer ?? id) !== undefined)
    problems.push('--consumer and --id belong to "replay".');
  // The value is not repeated: it may hold a password.
  if (database !== undefined && !/^postgres(ql)?:\/\/./.test(database))
    problems.push('--database must be a URL that starts with postgres://.');
  if (action === undefined || problems.length > 0) throw new ConfigError([...problems, USAGE]);
  return { action, consumer, eventId: id, databaseUrl: database };
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { consumer: text, id: text, database: text },
    });
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : 'The arguments cannot be read.', USAGE]);
  }
}
