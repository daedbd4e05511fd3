import { parseArgs } from 'node:util';

export const PEERS = ['stock', 'ours', 'hive', 'hive-router-runtime'] as const;
export type PeerName = (typeof PEERS)[number];
export const MODES = ['unique', 'same'] as const;
/** `unique`: every request has another Authorization header, so that no two can share work; `same`: all requests are alike. */
export type Mode = (typeof MODES)[number];

export interface GatewayBenchOptions {
  rounds: number;
  /** Length of one round of one peer in one mode. */
  seconds: number;
  warmUpSeconds: number;
  connections: number;
  peers: readonly PeerName[];
  modes: readonly Mode[];
  /** Where to write a CPU profile of our gateway under this load, after everything was measured. */
  profile: string | undefined;
}

/** Stock is always among the peers: every figure is told as a ratio to it. Throws for what it does not understand. */
export function parseGatewayBenchOptions(args: readonly string[]): GatewayBenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: text,
      seconds: text,
      'warm-up': text,
      connections: text,
      peers: text,
      modes: text,
      profile: text,
    },
  });
  const peers = listOf('peers', values.peers, PEERS);
  return {
    rounds: numberOf('rounds', values.rounds, { fallback: 3, least: 1 }),
    seconds: numberOf('seconds', values.seconds, { fallback: 8, least: 2 }),
    warmUpSeconds: numberOf('warm-up', values['warm-up'], { fallback: 8, least: 0 }),
    connections: numberOf('connections', values.connections, { fallback: 50, least: 1 }),
    peers: ['stock', ...peers.filter((peer) => peer !== 'stock')],
    modes: listOf('modes', values.modes, MODES),
    profile: values.profile,
  };
}

function numberOf(
  name: string,
  value: string | undefined,
  { fallback, least }: { fallback: number; least: number },
): number {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isInteger(number) || number < least)
    throw new Error(`--${name} must be a whole number of at least ${least}.`);
  return number;
}

function listOf<Item extends string>(name: string, value: string | undefined, known: readonly Item[]): readonly Item[] {
  if (value === undefined) return known;
  const items = value.split(',').map((item) => item.trim());
  const unknown = items.filter((item) => !known.some((each) => each === item));
  if (unknown.length > 0) throw new Error(`--${name} can name ${known.join(', ')}, not ${unknown.join(', ')}.`);
  return known.filter((item) => items.includes(item));
}
