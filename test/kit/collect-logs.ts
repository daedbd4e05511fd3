import { Writable } from 'node:stream';

import pino from 'pino';

import type { Logger } from '@tributary/kit/logger';

export interface Logs {
  readonly logger: Logger;
  /** Every line that was logged, oldest first. */
  readonly lines: Record<string, unknown>[];
}

export function collectLogs({ level = 'info' }: { level?: 'debug' | 'info' } = {}): Logs {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)) as Record<string, unknown>);
      done();
    },
  });
  return { logger: pino({ level }, stream), lines };
}
