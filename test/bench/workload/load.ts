import { createGraphClient } from './graph-client.ts';
import { prepareOperations } from './operations.ts';
import type { WorkloadOperation } from './operations.ts';

// The load, in a process of its own so that its work does not count as the server's. Told by messages what to do: "prepare" looks around
// and warms up, "run" asks for some seconds and answers with what it saw.

export interface LoadRequest {
  kind: 'prepare' | 'run';
  url: string;
  connections: number;
  seconds: number;
}

export interface LoadReport {
  requests: number;
  seconds: number;
  failures: string[];
  /** Milliseconds per operation. */
  latencies: Record<string, readonly number[]>;
  mix: Record<string, number>;
}

const WARM_UP_ROUNDS = 5;
const MAX_FAILURES = 5;

const clients = new Map<string, ReturnType<typeof connect>>();

async function connect({ url, connections }: LoadRequest) {
  const client = await createGraphClient(url, connections);
  const operations = await prepareOperations(client);
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
    for (const operation of operations) await operation.run(client);
  return { client, operations };
}

async function answer(request: LoadRequest): Promise<LoadReport> {
  if (!clients.has(request.url)) clients.set(request.url, connect(request));
  const { client, operations } = await clients.get(request.url)!;
  client.forgetLatencies();
  const failures: string[] = [];
  const startedAt = performance.now();
  const endsAt = request.kind === 'prepare' ? startedAt : startedAt + request.seconds * 1_000;
  await Promise.all(
    Array.from({ length: request.connections }, async () => {
      while (performance.now() < endsAt && failures.length < MAX_FAILURES)
        await choose(operations)
          .run(client)
          .catch((error: unknown) => failures.push(error instanceof Error ? error.message : 'unknown'));
    }),
  );
  const latencies = Object.fromEntries(client.latencies);
  return {
    requests: Object.values(latencies).reduce((sum, { length }) => sum + length, 0),
    seconds: (performance.now() - startedAt) / 1_000,
    failures,
    latencies,
    mix: Object.fromEntries(operations.map(({ name, weight }) => [name, weight])),
  };
}

function choose(operations: readonly WorkloadOperation[]): WorkloadOperation {
  const total = operations.reduce((sum, { weight }) => sum + weight, 0);
  let left = Math.random() * total;
  return operations.find(({ weight }) => (left -= weight) < 0) ?? operations[0]!;
}

process.on('message', (request: LoadRequest) => {
  answer(request).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
