import { SECOND } from '@tributary/kit/clock';

// Loaded before the main module of every process of the services mode. The channel to the supervisor closes whatever ends it, SIGKILL
// included; the process then drains as if it had been told to, and nothing is left behind.

const GRACE_MS = 30 * SECOND;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MS).unref();
});
process.channel?.unref(); // listening must not keep a process alive that is done
