import type { Migration } from '@tributary/kit/database/migrate';

export const allowLoopbackIpv6: Migration = {
  name: '0010-allow-loopback-ipv6',
  sql: `
-- A provider on this machine, for development, may also listen on [::1]; what it answers is accepted already.
ALTER TABLE billing.payments
  DROP CONSTRAINT payments_next_action_url_check,
  ADD CONSTRAINT payments_next_action_url_check CHECK
    (next_action_url ~ '^(https://|http://(127[.]0[.]0[.]1|localhost|[[]::1[]])[:/])');
`,
};
