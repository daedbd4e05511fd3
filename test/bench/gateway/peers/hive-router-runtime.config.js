import { defineConfig } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

import { propagateHeaders } from './propagate-headers.js';

export const gatewayConfig = defineConfig({ unifiedGraphHandler, propagateHeaders });
