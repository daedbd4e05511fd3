import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import type { Exchange, Fault } from './fault-proxy.ts';
import { DEEP_LIST, DEEP_OBJECT, twist } from './twist.ts';
import type { Twist } from './twist.ts';

// Every way in which a subgraph, or what stands before it, can go wrong. `hunter2` is what no client may ever see.

const MIB = 1024 * 1024;
const bomb = gzipSync(Buffer.alloc(30 * MIB, ' '));
const json = { 'content-type': 'application/json' };
const secret = {
  message: 'connect ECONNREFUSED http://10.1.2.3:5432 password hunter2',
  extensions: {
    serviceName: 'hunter2',
    response: { url: 'http://10.1.2.3:5432/graphql', body: 'hunter2' },
    stacktrace: ['Error: hunter2', '    at query (/srv/app/db.ts:12:3)'],
  },
};

/** Using it as text or number throws. */
const untellable = { toString: 1, valueOf: 1 };

const send =
  (body: unknown, status = 200): Fault =>
  ({ response }) =>
    void response.writeHead(status, json).end(JSON.stringify(body));

function twisted(how: Twist): Fault {
  const made = new Map<string, string>();
  return async ({ response, goodAnswer }) => {
    const text = await goodAnswer();
    const bent = made.get(text) ?? twist(text, how);
    made.set(text, bent);
    response.writeHead(200, json).end(bent);
  };
}

/** The gateway has to wait until it gives up. */
export const silentFaults: Readonly<Record<string, Fault>> = {
  'never answers': () => undefined,
  'drips byte by byte': ({ response }) => {
    response.writeHead(200, json);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  'falls silent in the middle': async ({ response, goodAnswer }) => {
    const text = await goodAnswer();
    response.writeHead(200, { ...json, 'content-length': String(text.length) }).write(text.slice(0, -9));
  },
};

/** The subgraph is lost for the request. */
export const lostFaults: Readonly<Record<string, Fault>> = {
  'resets the connection': ({ response }) => void response.socket?.resetAndDestroy(),
  'closes its half of the connection': ({ response }) => void response.socket?.end(),
  'hangs up in the middle': async ({ response, goodAnswer }) => {
    const text = await goodAnswer();
    response.writeHead(200, { ...json, 'content-length': String(text.length) }).write(text.slice(0, -9));
    setImmediate(() => response.destroy());
  },
  'answers HTTP 500': send({ errors: [secret] }, 500),
  'answers HTTP 503': send({ errors: [secret] }, 503),
  'sends us elsewhere': ({ response }) => void response.writeHead(307, { location: 'http://10.1.2.3/hunter2' }).end(),
  'sends a page of HTML': ({ response }) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hunter2 http://10.1.2.3</h1>'),
  'cuts its JSON': async ({ response, goodAnswer }) =>
    void response.writeHead(200, json).end((await goodAnswer()).slice(0, -3)),
  'sends an array': send([{ data: { hunter2: 1 } }]),
  'sends null': send(null),
  'sends an empty object': send({}),
  'sends data that is text': send({ data: 'hunter2' }),
  'sends errors with stacks and addresses': send({ data: null, errors: [secret] }),
  'sends 30 MB': async ({ response }) => {
    response.writeHead(200, json);
    for (let sent = 0; sent < 30 && !response.destroyed; sent += 1)
      if (!response.write(' '.repeat(MIB))) await drained(response);
    response.end('{"data":{}}');
  },
  'sends a gzip bomb': ({ response }) =>
    void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb),
};

/** Some of what the subgraph says can be used, or all of it looks right from afar. */
export const twistedFaults: Readonly<Record<string, Fault>> = {
  'sends null for every value': twisted({ leaf: () => null, custom: () => null }),
  'leaves every value out': twisted({ leaf: () => undefined, custom: () => undefined }),
  'sends objects for scalars': twisted({ leaf: () => ({ hunter2: 1 }) }),
  'sends lists for scalars': twisted({ leaf: () => [['hunter2']] }),
  'sends objects that cannot be turned into anything': twisted({ leaf: () => untellable, typename: () => untellable }),
  'sends text for objects': twisted({ object: () => 'hunter2' }),
  'sends objects for lists': twisted({ list: () => ({ length: 1, hunter2: 1 }) }),
  'sends too few entities': twisted({ entities: (all) => all.slice(1) }),
  'sends too many entities': twisted({ entities: (all) => [...all, ...all] }),
  'names no types': twisted({ typename: () => undefined }),
  'makes types up': twisted({ typename: () => 'Hunter2' }),
  'sends a list 200,000 levels deep': twisted({
    leaf: (value, index) => (index < 2 ? DEEP_LIST : value),
    custom: () => DEEP_LIST,
  }),
  'sends an object 200,000 levels deep': twisted({
    leaf: (value, index) => (index === 0 ? DEEP_OBJECT : value),
    custom: () => DEEP_LIST,
  }),
};

/** What is asked again is answered. */
export const passingFaults: Readonly<Record<string, Fault>> = {
  'fails every other time': (exchange) =>
    exchange.attempt % 2 === 1 ? void exchange.response.socket?.resetAndDestroy() : pass(exchange),
  'is restarted': ({ attempt, ...exchange }) =>
    attempt === 1 ? void exchange.response.writeHead(503).end() : pass({ attempt, ...exchange }),
};

/** The client gets everything. */
export const harmlessFaults: Readonly<Record<string, Fault>> = {
  'takes its time': async (exchange) => {
    await delay(100);
    await pass(exchange);
  },
  'reaches for the prototype': twisted({
    extra: () => '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}',
  }),
  'adds what nobody asked for, 200,000 levels deep': twisted({
    extra: (index) => `"hunter2":"${index === 0 ? DEEP_LIST : ''}"`,
  }),
};

async function pass({ response, goodAnswer }: Exchange): Promise<void> {
  response.writeHead(200, json).end(await goodAnswer());
}

function drained(response: Exchange['response']): Promise<unknown> {
  return Promise.race(['drain', 'close'].map((event) => new Promise((resolve) => response.once(event, resolve))));
}
