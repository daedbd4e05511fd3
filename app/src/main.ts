import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

import type { AllInOne } from './all-in-one.ts';
import { readAppConfig } from './config.ts';
import type { AppConfig } from './config.ts';
import { failureMessage } from './failure-message.ts';
import { createProgressPrinter } from './seed/progress.ts';

// The all-in-one process. SIGTERM and SIGINT stop it in order, also while it is still starting.

const config = configOrExit();
const logger = createLogger({ level: config.logLevel, name: 'tributary' });
const abort = new AbortController();
const starting = start();

let stopping: Promise<void> | undefined;
const stop = () => void (stopping ??= stopAndExit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (err) => {
    // Nobody knows what state this left behind. The database is stopped in order all the same.
    logger.fatal({ err }, 'the process is stopped by a bug');
    stopping ??= stopAndExit(1);
  });

try {
  const { url } = await starting;
  if (config.developmentAudience !== undefined && !['127.0.0.1', '::1', 'localhost'].includes(config.gateway.host))
    logger.warn('other machines reach this process, and its development issuer signs anybody in as anybody');
  const places = [`GraphQL ${url}/graphql`, ...(config.production ? [] : [`personas ${url}/dev/personas`])];
  if (!abort.signal.aborted) process.stdout.write(`Tributary is ready: ${places.join(', ')}\n`);
} catch (error) {
  if (!abort.signal.aborted) {
    process.stderr.write(`${failureMessage(error)}\n`);
    process.exit(1);
  }
}

async function start(): Promise<AllInOne> {
  // Loaded only now, so that wrong settings are told without the second this takes.
  const { startAllInOne } = await import('./all-in-one.ts');
  return startAllInOne(config, {
    logger,
    clock: systemClock,
    signal: abort.signal,
    onSeedProgress: createProgressPrinter(process.stderr), // standard output is for logs and the ready line
  });
}

async function stopAndExit(code: 0 | 1): Promise<void> {
  abort.abort(new Error('The process was told to stop.'));
  try {
    // A start that was broken off has released what it had.
    const running = await starting.catch(() => undefined);
    await running?.stop();
    process.exit(code);
  } catch (err) {
    logger.fatal({ err }, 'not everything stopped cleanly');
    process.exit(1);
  }
}

function configOrExit(): AppConfig {
  try {
    return readAppConfig();
  } catch (error) {
    process.stderr.write(`${failureMessage(error)}\n`);
    process.exit(1);
  }
}
