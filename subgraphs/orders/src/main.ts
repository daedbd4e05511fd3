import { runProcess } from '@tributary/kit';

import { readOrdersConfig } from './config.ts';
import { startOrdersServer } from './server.ts';

await runProcess('orders', () => readOrdersConfig(), startOrdersServer);
