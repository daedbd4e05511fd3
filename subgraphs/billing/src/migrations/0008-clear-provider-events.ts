import type { Migration } from '@tributary/kit/database/migrate';

export const clearProviderEvents: Migration = {
  name: '0008-clear-provider-events',
  sql: `
-- What can be cleared away: no provider tells the same thing again after months.
CREATE INDEX provider_events_received ON billing.provider_events (received_at);
GRANT DELETE ON billing.provider_events TO billing_app;
`,
};
