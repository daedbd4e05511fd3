import { WebSocket } from 'ws';

import type { ClientReport, ClientRequest, Identity } from './messages.ts';

// Many subscribers in one process. Each is a connection of its own with one subscription, and remembers the last event it has had.

const query = 'subscription Ticks { ticked { number at text } }';
const NUMBER = /"number":(\d+)/;
/** Connections that are being opened at a time: the backlog of a listening socket is bounded. */
const OPENING = 100;

interface Subscriber {
  number: number;
  at: number;
}

const subscribers: Subscriber[] = [];
let changed: () => void = () => undefined;

process.on('message', (request: ClientRequest) => {
  void (request.kind === 'connect' ? connectAll(request) : awaitEvent(request)).then((report) =>
    process.send?.(report),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

async function connectAll({ urls, count, identity, localAddress }: Extract<ClientRequest, { kind: 'connect' }>) {
  let next = 0;
  const openSome = async () => {
    for (let index = next; index < count; index = next) {
      next += 1;
      await open(urls[index % urls.length]!, { identity, localAddress, index });
    }
  };
  await Promise.all(Array.from({ length: OPENING }, openSome));
  return { connected: subscribers.length };
}

function open(
  url: string,
  { identity, localAddress, index }: { identity: Identity; localAddress: string; index: number },
): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    localAddress,
    perMessageDeflate: false,
  });
  const subscriber: Subscriber = { number: -1, at: 0 };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on('error', reject);
  socket.on('open', () => {
    const payload = identity === 'unique' ? { authorization: `${localAddress} ${index}` } : {};
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
  });
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.startsWith('{"type":"connection_ack"')) {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      subscribers.push(subscriber);
      resolve();
      return;
    }
    subscriber.number = Number(NUMBER.exec(text)?.[1] ?? -1);
    subscriber.at = performance.timeOrigin + performance.now();
    changed();
  });
  return promise;
}

async function awaitEvent({ number, timeoutMs }: Extract<ClientRequest, { kind: 'await' }>): Promise<ClientReport> {
  const have = () => subscribers.filter((each) => each.number === number);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  let missing = subscribers.length - have().length;
  changed = () => {
    missing -= 1;
    if (missing <= 0 && have().length === subscribers.length) resolve();
  };
  if (missing === 0) resolve();
  await promise;
  clearTimeout(timer);
  const served = have();
  return { served: served.length, at: served.map(({ at }) => at) };
}
