import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { ConfigError } from './config.ts';
import type { Handle } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import type { Logger, LogLevel } from './logger.ts';

/**
 * Runs a server as a process of its own: reads its settings, starts it, and drains it on SIGTERM or SIGINT, also while it is
 * still starting. Exits with 0 after an orderly stop, else with 1; settings that are not usable are told as plain text.
 */
export async function runProcess<Config extends { logLevel: LogLevel }>(
  name: string,
  readConfig: () => Config,
  start: (config: Config, deps: { logger: Logger; clock: Clock }) => Promise<Handle & { readonly url: string }>,
): Promise<void> {
  const config = configOrExit(readConfig);
  const logger = createLogger({ level: config.logLevel, name });
  const stop = async () => {
    try {
      await (await starting).stop();
      process.exit(0);
    } catch (err) {
      logger.fatal({ err }, 'not everything stopped cleanly');
      process.exit(1);
    }
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  // Only now: a signal during the start must find its handler.
  const starting = start(config, { logger, clock: systemClock });
  try {
    const { url } = await starting;
    logger.info({ url }, 'ready');
  } catch (err) {
    logger.fatal({ err }, 'could not start');
    process.exit(1);
  }
}

function configOrExit<Config>(readConfig: () => Config): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
