import pg from 'pg';

import { DEVELOPMENT_ISSUER, personas } from '@tributary/app/seed/index';
import { startWith } from '@tributary/kit/lifecycle';

import { startTestGraph } from '../../kit/graph.ts';
import type { Statement, TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';
import { explain } from '../../kit/plan.ts';
import type { Plan } from '../../kit/plan.ts';
import { startTestPostgres } from '../../kit/postgres.ts';
import type { TestDatabase } from '../../kit/postgres.ts';
import { SUBGRAPHS } from '../../kit/test-database.ts';
import type { SubgraphName } from '../../kit/test-database.ts';

// The medium company with every table grown to a size at which the planner has a reason to use an index: of a table of two pages it
// reads both, whatever indexes there are.

export const CALLERS = ['nobody', 'customer', 'member', 'owner', 'partner', 'support', 'finance', 'admin'] as const;
export type CallerName = (typeof CALLERS)[number];

export interface IndexWorld extends AsyncDisposable {
  database: TestDatabase;
  graph: TestGraph;
  as: Record<CallerName, TokenSubject | undefined>;
  /** The plan of a statement that the graph sent, made for its own parameters and as the role of the subgraph. */
  explain(statement: Statement): Promise<Plan>;
}

export const SEED_TIMEOUT_MS = 240_000;

export function startIndexWorld(): Promise<IndexWorld> {
  return startWith(async (stack) => {
    const database = await startTestPostgres({ seed: 'medium' });
    stack.defer(async () => database[Symbol.asyncDispose]());
    await grow(database);
    const graph = await startTestGraph({ database, issuer: DEVELOPMENT_ISSUER });
    stack.defer(async () => graph[Symbol.asyncDispose]());
    const clients = new Map<SubgraphName, pg.Client>();
    for (const name of SUBGRAPHS) {
      const client = new pg.Client({ connectionString: database.urls[name] });
      await client.connect();
      stack.defer(() => client.end());
      clients.set(name, client);
    }
    const subjectOf = async (text: string) => {
      const [found] = await database.query<{ oidc_subject: string }>(text);
      return { subject: found!.oidc_subject };
    };
    return {
      database,
      graph,
      as: {
        nobody: undefined,
        customer: await subjectOf(`SELECT u.oidc_subject FROM users.users u JOIN orders.orders o ON o.buyer_id = u.id
          WHERE u.oidc_subject IS NOT NULL GROUP BY u.id ORDER BY count(*) DESC, u.id LIMIT 1`),
        member: await subjectOf(`SELECT u.oidc_subject FROM users.users u JOIN users.memberships m ON m.user_id = u.id
          JOIN orders.orders o ON o.organization_id = m.organization_id
          WHERE u.oidc_subject IS NOT NULL AND m.role = 'BUYER' GROUP BY u.id ORDER BY count(*) DESC, u.id LIMIT 1`),
        owner: { subject: personas.buyer.subject },
        partner: { subject: personas.partner.clientId, client: true },
        support: { subject: personas.support.subject },
        finance: { subject: personas.finance.subject },
        admin: { subject: personas.admin.subject },
      },
      explain: (statement) => explain(clients.get(statement.subgraph)!, statement),
      [Symbol.asyncDispose]: () => stack.stop(),
    };
  });
}

// Ids are made of numbers, so that rows find each other without a join.
const id = (kind: string, number: string) => `md5('${kind}' || ${number})::uuid`;
const rows = (count: number) => `FROM generate_series(1, ${count}) AS n`;

const FILLERS: readonly string[] = [
  `INSERT INTO users.users (id, email, display_name, status, oidc_issuer, oidc_subject)
    SELECT ${id('user', 'n')}, 'filler-' || n || '@example.com', 'Filler ' || n, 'ACTIVE', 'https://filler.invalid', n ${rows(20_000)}`,
  `INSERT INTO users.user_roles (user_id, role) SELECT ${id('user', 'n')}, 'CUSTOMER' ${rows(20_000)}`,
  `INSERT INTO users.organizations (id, name, legal_name, kind, country)
    SELECT ${id('organization', 'n')}, 'Filler ' || n, 'Filler ' || n, 'BUYER', 'DE' ${rows(10_000)}`,
  `INSERT INTO users.memberships (id, organization_id, user_id, role)
    SELECT gen_random_uuid(), ${id('organization', '(1 + n / 2)')}, ${id('user', 'n')}, 'BUYER' ${rows(19_998)}`,
  `INSERT INTO users.api_clients (id, organization_id, client_id, name, scopes, status, rate_limit_points)
    SELECT ${id('client', 'n')}, ${id('organization', 'n')}, 'filler-' || n, 'Filler', '{}', 'ACTIVE', 10 ${rows(10_000)}`,
  `INSERT INTO users.api_client_secrets (id, client_id, hash, hint)
    SELECT gen_random_uuid(), ${id('client', 'n')}, 'hash', 'wxyz' ${rows(10_000)}`,
  `INSERT INTO orders.products (id, slug, title, description, active)
    SELECT ${id('product', 'n')}, 'filler-' || n, 'Filler ' || md5(n::text), md5('text' || n), n % 20 > 0 ${rows(10_000)}`,
  `INSERT INTO orders.product_variants (id, product_id, sku, title, position)
    SELECT ${id('variant', 'n')}, ${id('product', 'n')}, 'FILLER-' || n, 'Filler', 1 ${rows(10_000)}`,
  `INSERT INTO orders.variant_prices (variant_id, currency, amount_minor)
    SELECT ${id('variant', 'n')}, 'EUR', 100 ${rows(10_000)}`,
  `INSERT INTO orders.order_discounts (order_id, position, title, amount_minor)
    SELECT id, 9, 'Filler', 1 FROM orders.orders`,
  `INSERT INTO orders.order_returns (id, order_id, status, reason)
    SELECT md5('return' || id)::uuid, id, 'REQUESTED', 'Filler' FROM orders.orders`,
  `INSERT INTO orders.return_lines (return_id, order_line_id, quantity)
    SELECT md5('return' || order_id)::uuid, id, 1 FROM orders.order_lines WHERE position = 1`,
  `INSERT INTO billing.billing_accounts (id, owner_type, owner_id, currency)
    SELECT ${id('account', 'n')}, 'USER', ${id('user', 'n')}, 'EUR' ${rows(20_000)}`,
  `INSERT INTO billing.account_balances (account_id, currency) SELECT ${id('account', 'n')}, 'EUR' ${rows(20_000)}`,
  `INSERT INTO billing.payment_methods (id, account_id, type, provider, provider_token_plain)
    SELECT ${id('method', 'n')}, ${id('account', 'n')}, 'CARD', 'filler', 'filler' ${rows(20_000)}`,
  `INSERT INTO billing.refunds (id, payment_id, status, currency, amount_minor, destination, reason, provider_idempotency_key)
    SELECT md5('refund' || id)::uuid, id, 'REJECTED', currency, 1, 'ORIGINAL_METHOD', 'Filler', 'filler-' || id
    FROM billing.payments`,
  `INSERT INTO billing.credit_notes (id, number, invoice_id, currency, total_minor, reason, issued_at)
    SELECT md5('note' || id)::uuid, 'FILLER-' || id, id, currency, 1, 'Filler', now() FROM billing.invoices`,
];

async function grow(database: TestDatabase): Promise<void> {
  for (const filler of FILLERS) await database.query(filler);
  await database.query('VACUUM ANALYZE');
}
