import { PermissionsError } from '@tributary/kit/access/shield';
import { ConfigError } from '@tributary/kit/config';
import { UnknownMigrationError } from '@tributary/kit/database/migrate';

import { BootstrapError } from './bootstrap/index.ts';
import { ListenAddressError } from './listen-address.ts';
import { DataDirectoryInUseError, EmbeddedPostgresError } from './postgres/index.ts';
import { ServiceError } from './services/errors.ts';

// Written for the operator: one message, saying what to do.
const EXPECTED = [
  BootstrapError,
  ConfigError,
  DataDirectoryInUseError,
  EmbeddedPostgresError,
  ListenAddressError,
  PermissionsError,
  ServiceError,
  UnknownMigrationError,
];

/** What to tell about a start that failed: the message alone where it says what to do, else everything there is to find the bug. */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return 'The start failed for an unknown reason.';
  if (EXPECTED.some((kind) => error instanceof kind)) return error.message;
  // The file system's errors name the path and what was refused.
  if ('syscall' in error && 'path' in error)
    return `The start failed: ${error.message}. Check DATA_DIR and its rights.`;
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(`because: ${cause.message}`);
  return [`The start failed: ${error.stack ?? error.message}`, ...causes].join('\n');
}
