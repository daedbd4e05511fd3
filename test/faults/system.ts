import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import pino from 'pino';

import { findRunningPostgres, removeDataDirectory } from '@tributary/app/postgres/index';
import { readServicesConfig } from '@tributary/app/services/config';
import { describeProcesses } from '@tributary/app/services/processes';
import { startServices } from '@tributary/app/services/start-services';
import { startWith, systemClock } from '@tributary/kit';
import type { Walls } from '@tributary/kit';

import { FAULT_SUBGRAPH, FAULT_WALLS_DOWN } from './config.ts';

// The services mode on a database of its own, whose processes are killed one after the other. Walls may be down, to show what they do.

export interface FaultySystem extends AsyncDisposable {
  url: string;
  /** An administrator. */
  client: pg.Client;
  /** Kills one process that is ready, this one or one at random; resolves with its name. */
  killOne(victim?: string): Promise<string>;
  /** Resolves when every process is ready again. */
  recover(): Promise<void>;
}

const SUBGRAPH_PROCESS = join(import.meta.dirname, 'subgraph-process.ts');
const SUBGRAPHS = ['users', 'orders', 'billing'];

export function startFaultySystem(walls: Partial<Walls> = {}): Promise<FaultySystem> {
  return startWith(async (stack) => {
    const parent = await mkdtemp(join(tmpdir(), 'tributary-faults-'));
    const dataDir = join(parent, 'data');
    stack.defer(() => removeDataDirectory(dataDir));
    const config = readServicesConfig({
      ...{ DATA_DIR: dataDir, SEED: 'demo', LOG_LEVEL: 'info' },
      ...{ PORT: '0', USERS_PORT: '0', ORDERS_PORT: '0', BILLING_PORT: '0', PAYMENT_PROVIDER_PORT: '0' },
    });
    // The supervisor tells in its log which process is ready.
    const ready = new Map<string, number>();
    const logger = pino(
      { level: 'info' },
      {
        write(line) {
          const { service, pid, msg } = JSON.parse(line) as { service?: string; pid?: number; msg?: string };
          if (service !== undefined && pid !== undefined && msg === 'the process is ready') ready.set(service, pid);
        },
      },
    );
    const down = Object.entries(walls).flatMap(([wall, stands]) => (stands ? [] : [wall]));
    const system = stack.use(
      await startServices(
        config,
        {
          logger,
          clock: systemClock,
          signal: new AbortController().signal,
          onSeedProgress: () => undefined,
        },
        (facts) =>
          describeProcesses(facts).map((each) => {
            const settings = { ...each.settings, LOG_LEVEL: 'fatal' };
            if (!SUBGRAPHS.includes(each.name)) return { ...each, settings };
            const faults = { [FAULT_SUBGRAPH]: each.name, [FAULT_WALLS_DOWN]: down.join(',') };
            return { ...each, main: SUBGRAPH_PROCESS, settings: { ...settings, ...faults } };
          }),
      ),
    );
    const names = [...ready.keys()];
    const client = new pg.Client({ connectionString: (await findRunningPostgres({ dataDir }))!.adminUrl });
    await client.connect();
    stack.defer(() => client.end());
    return {
      url: system.url,
      client,
      async killOne(victim) {
        // All of them may be on their way back.
        while (victim === undefined ? ready.size === 0 : !ready.has(victim)) await sleep(20);
        const name = victim ?? [...ready.keys()][Math.floor(Math.random() * ready.size)]!;
        process.kill(ready.get(name)!, 'SIGKILL');
        ready.delete(name);
        return name;
      },
      async recover() {
        while (ready.size < names.length) await sleep(100);
      },
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}
