import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { createInProcessTransport, PortInUse, SupergraphError } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';

import { composeLibrary, createLibrarySubgraph } from './library.ts';
import { startLibrary } from './library-gateway.ts';

describe('health', () => {
  const readiness = async (url: string) => {
    const response = await fetch(`${url}/readyz`);
    return [response.status, await response.json()];
  };

  test('is ready when every subgraph is', async () => {
    await using library = await startLibrary({ transport: 'http' });
    expect(await readiness(library.url)).toEqual([200, { status: 'ready' }]);
    expect(await (await fetch(`${library.url}/livez`)).json()).toEqual({ status: 'alive' });
  });

  test('is alive but not ready when a subgraph is not, and names none', async () => {
    await using library = await startLibrary({ transport: 'http' });
    library.peers.reviews.fault = (_, response) => response.writeHead(503).end();
    expect(await readiness(library.url)).toEqual([503, { status: 'not ready' }]);
    expect((await fetch(`${library.url}/livez`)).status).toBe(200);
  });

  test('asks the subgraphs once for many questions', async () => {
    await using library = await startLibrary({ transport: 'http' });
    await Promise.all(Array.from({ length: 20 }, () => readiness(library.url)));
    expect(library.peers.books.received).toHaveLength(1);
  });
});

describe('stopping', () => {
  const slowBook = (ms: number) => ({
    books: {
      Query: { book: () => new Promise((resolve) => setTimeout(() => resolve({ id: '1', title: 'Emma' }), ms)) },
    },
  });

  test('answers what is in flight, takes nothing new, and may be asked for twice', async () => {
    await using library = await startLibrary({ resolvers: slowBook(300) });
    const inFlight = library.query('{ book(id: "1") { title } }');
    await expect.poll(() => library.fetches).toHaveLength(1);
    const stopped = Promise.all([library.stop(), library.stop()]);
    const { body, headers } = await inFlight;
    expect(body).toEqual({ data: { book: { title: 'Emma' } } });
    expect(headers.get('connection')).toBe('close');
    await stopped;
    await expect(fetch(`${library.url}/livez`)).rejects.toThrow('fetch failed');
  });

  test('answers a request that was still being sent when it began', async () => {
    await using library = await startLibrary();
    const { hostname, port } = new URL(library.url);
    const body = '{"query":"{ book(id: \\"1\\") { title } }"}';
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = library.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write(`\r\n${body}`);
    await Promise.all([stopped, once(socket, 'close')]);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK.*connection: close.*"Emma"/is);
  });

  test('says that it drains before it refuses connections', async () => {
    await using library = await startLibrary({ config: { drainDelayMs: 500 } });
    const stopped = library.stop();
    const response = await fetch(`${library.url}/readyz`);
    expect([response.status, await response.json(), response.headers.get('connection')]).toEqual([
      503,
      { status: 'draining' },
      'close',
    ]);
    expect((await library.query('{ book(id: "1") { title } }')).body.data).toEqual({ book: { title: 'Emma' } });
    await stopped;
  });

  test('does not wait for ever for an answer that never comes', async () => {
    await using library = await startLibrary({ resolvers: slowBook(60_000), config: { drainTimeoutMs: 200 } });
    const inFlight = library.query('{ book(id: "1") { title } }').catch((error: unknown) => error);
    await expect.poll(() => library.fetches).toHaveLength(1);
    const startedAt = Date.now();
    await library.stop();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await inFlight).toBeInstanceOf(TypeError);
  });
});

describe('starting', () => {
  const transports = ['books', 'reviews'].map((name) =>
    createInProcessTransport(createLibrarySubgraph(name as 'books'), { clock: systemClock }),
  );

  test('on a port in use says which', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const failure = await startLibrary({ config: { port } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PortInUse);
    expect(failure).toMatchObject({ message: `Port ${port} of 127.0.0.1 is in use by another process.`, port });
    await new Promise((resolve) => other.close(resolve));
  });

  test('without a transport for a subgraph names the subgraph', async () => {
    const start = startLibrary({ deps: { transports: transports.slice(0, 1) } });
    await expect(start).rejects.toThrow(
      new SupergraphError('The supergraph has subgraphs that no transport leads to: reviews.'),
    );
  });

  test('with a feature that nobody honors names the feature', async () => {
    const connectors = 'https://specs.apollo.dev/connect/v0.4';
    const supergraphSdl = composeLibrary().replace(/schema\n?/, `schema @link(url: "${connectors}", for: EXECUTION)\n`);
    await expect(startLibrary({ deps: { supergraphSdl } })).rejects.toThrow(
      `The supergraph uses a feature that this gateway does not honor: ${connectors} (for EXECUTION).`,
    );
  });
});
