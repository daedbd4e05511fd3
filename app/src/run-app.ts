import type { Clock } from '@tributary/kit/clock';
import { systemClock } from '@tributary/kit/clock';
import type { Handle } from '@tributary/kit/lifecycle';
import { createLogger } from '@tributary/kit/logger';
import type { Logger } from '@tributary/kit/logger';

import type { AppConfig } from './config.ts';
import { failureMessage } from './failure-message.ts';
import { createProgressPrinter } from './seed/progress.ts';
import type { SeedProgress } from './seed/seed.ts';

// What the main modules share: settings, signals, the ready line and the exit code.

export interface Running extends Handle {
  /** Base URL; GraphQL is at `/graphql` below it. */
  readonly url: string;
  /** Resolves, if ever, with the reason why it cannot go on. */
  readonly failure?: Promise<Error>;
}

export interface StartDependencies {
  logger: Logger;
  clock: Clock;
  /** Breaks off a start that is under way; everything acquired until then is released. */
  signal: AbortSignal;
  onSeedProgress: (progress: SeedProgress) => void;
}

/**
 * Runs one way of starting everything. SIGTERM and SIGINT stop it in order, also while it is still starting, and the process ends
 * with 0; it ends with 1, and one message, when the start or later the whole fails.
 */
export async function runApp<Config extends AppConfig>(
  readConfig: () => Config,
  loadStart: () => Promise<(config: Config, deps: StartDependencies) => Promise<Running>>,
): Promise<void> {
  const config = configOrExit(readConfig);
  const logger = createLogger({ level: config.logLevel, name: 'tributary' });
  const abort = new AbortController();
  // Loaded only now, so that wrong settings are told without the second this takes.
  const starting = loadStart().then((start) =>
    start(config, {
      logger,
      clock: systemClock,
      signal: abort.signal,
      onSeedProgress: createProgressPrinter(process.stderr), // standard output is for logs and the ready line
    }),
  );

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
    const { url, failure } = await starting;
    if (config.developmentAudience !== undefined && !['127.0.0.1', '::1', 'localhost'].includes(config.gateway.host))
      logger.warn('other machines reach this process, and its development issuer signs anybody in as anybody');
    const places = [`GraphQL ${url}/graphql`];
    if (config.explorer) places.push(`explorer ${url}/`);
    if (!config.production) places.push(`personas ${url}/dev/personas`);
    if (!abort.signal.aborted) process.stdout.write(`Tributary is ready: ${places.join(', ')}\n`);
    void failure?.then((error) => {
      if (stopping) return;
      process.stderr.write(`${failureMessage(error)}\n`);
      stopping = stopAndExit(1);
    });
  } catch (error) {
    if (!abort.signal.aborted) {
      process.stderr.write(`${failureMessage(error)}\n`);
      process.exit(1);
    }
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
}

function configOrExit<Config>(readConfig: () => Config): Config {
  try {
    return readConfig();
  } catch (error) {
    process.stderr.write(`${failureMessage(error)}\n`);
    process.exit(1);
  }
}
