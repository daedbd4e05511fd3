import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import { readStandAloneConfig } from './config.ts';
import type { StandAloneConfig } from './config.ts';
import { USAGE } from './flags.ts';

// `npm run gateway`: the gateway in front of any supergraph. SIGTERM and SIGINT drain it, also while it is still starting.

const config = configOrExit();
const logger = createLogger({ level: config.settings.logLevel, name: 'gateway' });
// Loaded only now, so that wrong settings are told at once.
const starting = import('./start-stand-alone.ts').then(({ startStandAlone }) =>
  startStandAlone(config, { logger, clock: systemClock }),
);
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

try {
  const { url } = await starting;
  if (!stopping)
    process.stdout.write(`The gateway is ready: GraphQL ${url}/graphql, health ${url}/livez and ${url}/readyz\n`);
} catch (error) {
  if (!stopping) fail(error);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  try {
    await (await starting.catch(() => undefined))?.stop(); // a start that failed has nothing to stop
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

function configOrExit(): StandAloneConfig {
  try {
    const read = readStandAloneConfig();
    if (read !== 'help') return read;
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

// Settings, a port in use, a supergraph that cannot be served: the message says what to do, a stack would only hide it.
function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
