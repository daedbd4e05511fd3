import { runProcess } from '@tributary/kit';

import { readUsersConfig } from './config.ts';
import { startUsersServer } from './server.ts';

await runProcess('users', () => readUsersConfig(), startUsersServer);
