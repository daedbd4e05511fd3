import { join } from 'node:path';

import { readStandAloneConfig } from '@tributary/gateway/stand-alone/config';
import { startStandAlone } from '@tributary/gateway/stand-alone/start-stand-alone';
import { systemClock } from '@tributary/kit/clock';
import { createLogger } from '@tributary/kit/logger';

// A process of its own: what `npm run gateway` starts, every limit, timeout and log line included.

const [supergraphFile] = process.argv.slice(2);
const settings = ['--supergraph', supergraphFile!, '--config', join(import.meta.dirname, 'ours.yaml'), '--port', '0'];
const config = readStandAloneConfig(settings);
if (config === 'help') throw new Error('Nobody asked for help.');
const logger = createLogger({ level: config.settings.logLevel, name: 'gateway' });
const gateway = await startStandAlone(config, { logger, clock: systemClock });
process.on('disconnect', () => process.exit());
process.send!({ kind: 'ready', url: `${gateway.url}/graphql` });
