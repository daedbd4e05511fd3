import { Agent } from 'undici';

import { workloadDocument } from '@tributary/schema';

export type Persona = 'customer' | 'support' | 'finance' | 'partner';

/** Asks a graph with development identities, and notes how long each operation of the workload took. */
export interface GraphClient {
  /** Milliseconds per operation, in the order they were answered. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
  /** One operation of the workload. Throws when it answers with an error or a user error. */
  workload<Data>(operationName: string, persona: Persona | null, variables?: object): Promise<Data>;
  /** The same for any other document, not noted. */
  unmeasured<Data>(query: string, persona: Persona | null, variables?: object): Promise<Data>;
  /** Makes a value once. */
  memo<T>(key: string, make: () => Promise<T>): Promise<T>;
  forgetLatencies(): void;
  stop(): Promise<void>;
}

export async function createGraphClient(url: string, connections: number): Promise<GraphClient> {
  const agent = new Agent({ connections, pipelining: 1 });
  const latencies = new Map<string, number[]>();
  const memos = new Map<string, Promise<unknown>>();
  const query = workloadDocument();

  async function post<Answer>(path: string, body: unknown, token?: string): Promise<Answer> {
    const answer = await agent.request({
      origin: url,
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return (await answer.body.json()) as Answer;
  }

  const tokens = new Map<Persona, string>();
  for (const persona of ['customer', 'support', 'finance', 'partner'] as const)
    tokens.set(persona, (await post<{ access_token: string }>('/dev/token', { persona })).access_token);

  async function ask<Data>(
    body: { query: string; variables: object; operationName?: string },
    persona: Persona | null,
  ) {
    const token = persona === null ? undefined : tokens.get(persona);
    const answer = await post<{ data: Data; errors?: unknown }>('/graphql', body, token);
    const text = answer.errors ? JSON.stringify(answer.errors) : userErrorsOf(answer.data);
    if (text !== null) throw new Error(`${body.operationName ?? 'An operation'} was refused: ${text}`);
    return answer.data;
  }

  return {
    latencies,
    async workload<Data>(operationName: string, persona: Persona | null, variables = {}) {
      const startedAt = performance.now();
      const data = await ask<Data>({ query, operationName, variables }, persona);
      const taken = performance.now() - startedAt;
      const noted = latencies.get(operationName);
      if (noted) noted.push(taken);
      else latencies.set(operationName, [taken]);
      return data;
    },
    unmeasured: (document, persona, variables = {}) => ask({ query: document, variables }, persona),
    memo<T>(key: string, make: () => Promise<T>) {
      if (!memos.has(key)) memos.set(key, make());
      return memos.get(key) as Promise<T>;
    },
    forgetLatencies: () => latencies.clear(),
    stop: () => agent.close(),
  };
}

function userErrorsOf(data: unknown): string | null {
  for (const payload of Object.values((data ?? {}) as Record<string, unknown>)) {
    const { userErrors } = (payload ?? {}) as { userErrors?: unknown[] };
    if (userErrors && userErrors.length > 0) return JSON.stringify(userErrors);
  }
  return null;
}
