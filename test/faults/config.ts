import { ALL_WALLS } from '@tributary/kit/access/walls';
import type { Walls } from '@tributary/kit/access/walls';

/** Which subgraph a process of a fault test is, and which of its walls are down. */
export interface FaultSettings {
  subgraph: 'users' | 'orders' | 'billing';
  walls: Walls;
}

export const FAULT_SUBGRAPH = 'TEST_SUBGRAPH';
export const FAULT_WALLS_DOWN = 'TEST_WALLS_DOWN';

/** The settings as the test put them into the environment of the process. */
export function readFaultSettings(environment: NodeJS.ProcessEnv = process.env): FaultSettings {
  const subgraph = environment[FAULT_SUBGRAPH] as FaultSettings['subgraph'];
  const down = (environment[FAULT_WALLS_DOWN] ?? '').split(',').filter(Boolean) as (keyof Walls)[];
  return { subgraph, walls: { ...ALL_WALLS, ...Object.fromEntries(down.map((wall) => [wall, false])) } };
}

/** How many processes a run kills. */
export function readKills(environment: NodeJS.ProcessEnv = process.env): number {
  return Number(environment.KILLS ?? 20);
}
