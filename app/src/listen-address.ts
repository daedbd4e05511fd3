import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** HOST and PORT cannot be listened on. The message is one line and says what to change. */
export class ListenAddressError extends Error {
  override name = 'ListenAddressError';
}

/** How to get out of the way of a used port. */
export interface PortAdvice {
  setting: string;
  command: string;
}

const NPM_START: PortAdvice = { setting: 'PORT', command: 'npm start' };

/**
 * Tries an address before the long part of a start, so that a used port costs no time. Returns the port: the given one, or for 0 one
 * that is free at the moment. Another process may still be faster; listening tells.
 */
export function probeListenAddress(
  { host, port }: { host: string; port: number },
  advice: PortAdvice = NPM_START,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, { host, port }, advice)));
    probe.listen({ host, port }, () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}

export function portInUse(
  { host, port }: { host: string; port: number },
  { setting, command }: PortAdvice = NPM_START,
): ListenAddressError {
  return new ListenAddressError(
    `Port ${port} of ${host} is in use by another process: stop it, or choose another port with ${setting}, as in "${setting}=${port + 1} ${command}".`,
  );
}

/** Where a browser on this machine reaches a server that listens on `host`. */
export function localUrl({ host, port }: { host: string; port: number }): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${reachable}:${port}`;
}

function explain(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
  advice: PortAdvice,
): Error {
  if (error.code === 'EADDRINUSE') return portInUse({ host, port }, advice);
  if (error.code === 'EACCES')
    return new ListenAddressError(
      `Port ${port} needs more rights than this user has: set ${advice.setting} to one above 1023.`,
    );
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? ''))
    return new ListenAddressError(`HOST ${host} is not an address of this machine.`);
  return error;
}
