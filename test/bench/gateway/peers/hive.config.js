import { defineConfig } from '@graphql-hive/gateway';

import { propagateHeaders } from './propagate-headers.js';

export const gatewayConfig = defineConfig({ propagateHeaders });
