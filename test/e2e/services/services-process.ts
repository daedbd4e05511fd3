import { once } from 'node:events';

import { startApp } from '../../integration/app/app-process.ts';
import type { AppProcess } from '../../integration/app/app-process.ts';

/** The services mode on free ports. Its output closes only when the last of its processes has ended, and `exited` waits for that. */
export function startServicesProcess(settings: Record<string, string>): AppProcess {
  return startApp(
    { PORT: '0', USERS_PORT: '0', ORDERS_PORT: '0', BILLING_PORT: '0', PAYMENT_PROVIDER_PORT: '0', ...settings },
    ['services'],
  );
}

export interface RunningService {
  pid: number;
  url: string;
}

/** A process of the services mode, as the supervisor logged it when it became ready for the n-th time. */
export async function serviceOf(app: AppProcess, name: string, time = 1): Promise<RunningService> {
  const pattern = new RegExp(`"service":"${name}",.*"the process is ready"`);
  for (;;) {
    const line = app.stdout.filter((each) => pattern.test(each)).at(time - 1);
    if (line !== undefined) return JSON.parse(line) as RunningService;
    await Promise.race([once(app.child.stdout!, 'data'), app.exited.then(() => Promise.reject(new Error('it ended')))]);
    await new Promise(setImmediate); // the lines are cut after the data came
  }
}
