import { workloadDocument } from '@tributary/schema';

// Asks the workload's operations over HTTP, each as the person it is meant for, on a graph with development identities.

export type Persona = 'customer' | 'support' | 'finance' | 'partner';

export interface WorkloadClient {
  /** Asks every operation once; throws when one answers with an error. */
  round(): Promise<void>;
}

interface Ided {
  id: string;
}

export async function createWorkloadClient(url: string): Promise<WorkloadClient> {
  const tokens = new Map<Persona, string>();
  for (const persona of ['customer', 'support', 'finance', 'partner'] as const) {
    const { access_token } = await post<{ access_token: string }>(`${url}/dev/token`, { persona });
    tokens.set(persona, access_token);
  }
  const ask = async <Data>(operationName: string, persona: Persona | null, variables = {}): Promise<Data> => {
    const body = { query: workloadDocument(), operationName, variables };
    const token = persona && tokens.get(persona);
    const answer = await post<{ data: Data; errors?: unknown }>(`${url}/graphql`, body, token);
    if (answer.errors) throw new Error(`${operationName}: ${JSON.stringify(answer.errors)}`);
    return answer.data;
  };

  const { me } = await ask<{ me: Ided & { orders: { nodes: (Ided & { invoice: Ided | null })[] } } }>(
    'MyOrders',
    'customer',
  );
  const orders = me.orders.nodes;
  const ids = [me, ...orders, ...orders.flatMap(({ invoice }) => invoice ?? [])].map(({ id }) => id).slice(0, 30);
  const operations: readonly [string, Persona | null, Record<string, unknown>][] = [
    ['StorefrontCatalog', null, {}],
    ['MyOrders', 'customer', {}],
    ['OrderDetail', 'customer', { id: orders[0]!.id }],
    ['SupportOrderSearch', 'support', { search: 'TR1' }],
    ['SupportCustomer360', 'support', { id: me.id }],
    ['FinanceOverdueInvoices', 'finance', {}],
    ['PartnerOrderSync', 'partner', { since: '2020-01-01T00:00:00.000Z' }],
    ['RefetchNodes', 'finance', { ids }],
  ];
  return {
    async round() {
      for (const [operation, persona, variables] of operations) await ask(operation, persona, variables);
    },
  };
}

async function post<Answer>(url: string, body: unknown, token?: string | null): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}
