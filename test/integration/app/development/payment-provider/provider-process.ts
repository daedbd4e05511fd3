import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import type { DevelopmentProviderConfig } from '@tributary/app/development/payment-provider/index';

const MAIN = fileURLToPath(new URL('../../../../../app/src/development/payment-provider/main.ts', import.meta.url));

export interface ProviderProcess {
  url: string;
  /** Exit code, or the signal that ended it. */
  exited: Promise<number | string>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** The development provider as a process of its own; listens when it resolves. */
export async function startProviderProcess(config: DevelopmentProviderConfig): Promise<ProviderProcess> {
  const { webhook, behavior } = config;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: '/usr/bin:/bin',
      HOST: config.host,
      PORT: String(config.port),
      DATABASE_URL: config.databaseUrl,
      PAYMENT_PROVIDER_KEY: config.apiKey,
      PAYMENT_WEBHOOK_URL: webhook.url,
      PAYMENT_WEBHOOK_SECRET: webhook.secret,
      DEVPAY_LATENCY_MS: String(behavior.latencyMs),
      DEVPAY_SETTLE_MS: String(behavior.settleMs),
      DEVPAY_RETRY_MS: String(behavior.retryMs),
      DEVPAY_DISORDER: String(behavior.disorder),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines = createInterface(child.stdout);
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  lines.on('line', (line) => {
    const { msg, url } = JSON.parse(line) as { msg: string; url: string };
    if (msg === 'ready') resolve(url);
  });
  const ended = exited.then((how) => Promise.reject(new Error(`The provider ended with ${how}.`)));
  return { url: await Promise.race([ready, ended]), exited, kill: (signal) => void child.kill(signal) };
}
