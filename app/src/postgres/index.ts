export { assertDataDirectoryIsFree, DataDirectoryInUseError, lockDataDirectory } from './data-directory-lock.ts';
export { startEmbeddedPostgres } from './embedded-postgres.ts';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.ts';
export { EmbeddedPostgresError } from './errors.ts';
export { findRunningPostgres } from './find-running-postgres.ts';
export { removeDataDirectory } from './remove-data-directory.ts';
