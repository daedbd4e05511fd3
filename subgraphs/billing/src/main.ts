import { runProcess } from '@tributary/kit';

import { readBillingConfig } from './config.ts';
import { startBillingServer } from './server.ts';

await runProcess('billing', () => readBillingConfig(), startBillingServer);
