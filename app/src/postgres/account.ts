import { EmbeddedPostgresError } from './errors.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { Account } from './run-command.ts';

// PostgreSQL refuses to run as root. Started by root, it runs as the system user that distributions make for it.

const NAME = 'postgres';

/** The system user for the server, created when the system has none. Only root calls this. */
export async function ensureServerAccount(): Promise<Account> {
  const existing = await findAccount();
  if (existing) return assertUsable(existing);
  // shadow-utils has useradd, busybox only adduser.
  const first = await runCommand('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    NAME,
  ]);
  if (!first.ok) await runCommand('adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', NAME]);
  const created = await findAccount();
  if (created) return assertUsable(created);
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and the system user "${NAME}" could not be created (${lastLine(first.output)}): start as another user or set DATABASE_URL.`,
  );
}

async function findAccount(): Promise<Account | null> {
  const [uid, gid] = await Promise.all([runCommand('id', ['-u', NAME]), runCommand('id', ['-g', NAME])]);
  return uid.ok && gid.ok ? { name: NAME, uid: Number(uid.output), gid: Number(gid.output) } : null;
}

async function assertUsable(account: Account): Promise<Account> {
  const trial =
    account.uid === 0 ? { ok: false, output: 'it is root' } : await runCommand('/bin/sh', ['-c', ':'], account);
  if (trial.ok) return account;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and running it as the system user "${account.name}" is not possible (${lastLine(trial.output)}): start as another user or set DATABASE_URL.`,
  );
}
