import type pg from 'pg';

import type { Logger } from '@tributary/kit/logger';

import { BootstrapError } from './errors.ts';

const MINIMUM_MAJOR_VERSION = 15;

/** Settings without which a crash of the server or the machine loses what was already confirmed to a caller. */
const DURABILITY_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'];

/** Refuses a server that is too old, stores another encoding than UTF-8, or may lose committed money movements in a crash. */
export async function checkServer(
  client: pg.Client,
  { durability, logger }: { durability: 'required' | 'warn'; logger: Logger },
): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [['server_version_num', 'server_version', 'server_encoding', ...DURABILITY_SETTINGS]],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));

  if (Number(settings.get('server_version_num')) < MINIMUM_MAJOR_VERSION * 10_000)
    throw new BootstrapError(
      `The server is PostgreSQL ${settings.get('server_version')}; version ${MINIMUM_MAJOR_VERSION} or later is needed.`,
    );
  if (settings.get('server_encoding') !== 'UTF8')
    throw new BootstrapError(
      `The database stores texts as ${settings.get('server_encoding')}; create one with ENCODING 'UTF8'.`,
    );

  const unsafe = DURABILITY_SETTINGS.filter((name) => settings.get(name) === 'off').map((name) => `${name}=off`);
  if (unsafe.length === 0) return;
  const message = `The server runs with ${unsafe.join(', ')} and would lose confirmed payments in a crash.`;
  if (durability === 'required') throw new BootstrapError(`${message} Switch on what is off.`);
  logger.warn(message);
}
