import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { afterAll, describe, expect, test } from 'vitest';

import { SECOND } from '@tributary/kit';

import { serveLibrary } from './served-library.ts';

const served = serveLibrary();
const { bearer } = served;

describe('stopping', () => {
  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  /** Sends an operation on a connection that is kept alive. */
  async function postKeptAlive(
    query: string,
  ): Promise<{ status: number | undefined; body: string; connection: string | undefined }> {
    const headers = { 'content-type': 'application/json', ...(await bearer()) };
    return new Promise((resolve, reject) => {
      const sent = request(`${served.server.url}/graphql`, { method: 'POST', agent, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode, body, connection: answer.headers.connection }));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ query }));
    });
  }
  /** A connection on which somebody has written only a part of a request. */
  async function openSocket(text: string): Promise<Socket> {
    const { hostname, port } = new URL(served.server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    if (text) await new Promise((resolve) => socket.write(text, resolve));
    return socket;
  }
  const slow = '{ books(first: 1, slowly: true) { totalCount } }'; // takes the second that a count may take
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  /** Milliseconds until the server has stopped. */
  const timeToStop = async () => {
    const started = performance.now();
    await served.server.stop();
    return performance.now() - started;
  };

  test('answers what is in flight, takes nothing new, and does not wait for kept-alive connections', async () => {
    await postKeptAlive('{ motto }');
    const answers = Promise.all([postKeptAlive(slow), postKeptAlive(slow)]);
    await pause(300);
    const stopping = timeToStop();
    await expect(fetch(`${served.server.url}/livez`)).rejects.toThrow();
    expect(await answers).toEqual(
      [1, 2].map(() => ({ status: 200, body: '{"data":{"books":{"totalCount":null}}}', connection: 'close' })),
    );
    expect(await stopping).toBeLessThan(5 * SECOND);
  });

  test.each([
    ['is silent', ''],
    ['has sent half of its headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
    ['has been answered', 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('does not wait for a connection that %s', async (_name, text) => {
    const socket = await openSocket(text);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await pause(100);
    expect(await timeToStop()).toBeLessThan(5 * SECOND);
    await closed;
  });

  test('shares one promise among all calls and leaves the subgraph running', async () => {
    const stopping = served.server.stop();
    expect(served.server.stop()).toBe(stopping);
    await stopping;
    expect(await served.library.subgraph.isReady()).toBe(true);
  });
});
