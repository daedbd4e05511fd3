import { runProcess } from '@tributary/kit/run-process';

import { readDevelopmentProviderConfig } from './config.ts';
import { startDevelopmentProvider } from './server.ts';

await runProcess('payment-provider', () => readDevelopmentProviderConfig(), startDevelopmentProvider);
