import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { createRequestReader } from './graph/http-requests.ts';
import type { HttpRequest } from './graph/http-requests.ts';
import { createSubgraphSchema } from './graph/resolvers.ts';
import { OBSERVED_CALLER, SUBGRAPH_NAMES } from './graph/schema.ts';

// One process that answers for all four subgraphs. It is there to be no bottleneck: HTTP is read by hand, and an answer is made once for
// each body and kept with its headers.

/** What the parent process asks, and what it is told. */
export type SubgraphMessage = { kind: 'observe' } | { kind: 'report' };
export interface ObservedRequests {
  requests: number;
  /** Waves of requests: nothing of one was asked before the whole of the one before it was answered. */
  steps: number;
  /** How many of them brought the caller's token. */
  withToken: number;
}

/** A wave is over when nothing more has come for this long. */
const QUIET_MS = 150;

const schemas = new Map<string, GraphQLSchema>(SUBGRAPH_NAMES.map((name) => [`/${name}`, createSubgraphSchema(name)]));
const answers = new Map<string, Promise<Buffer> | Buffer>();

let observed: ObservedRequests | null = null;
let wave: (() => void)[] = [];
let quiet: NodeJS.Timeout | undefined;

async function makeAnswer({ path, body }: HttpRequest): Promise<Buffer> {
  const schema = schemas.get(path);
  if (!schema) return frame('404 Not Found', '{"errors":[{"message":"No such subgraph."}]}');
  const { query, variables } = JSON.parse(Buffer.from(body, 'latin1').toString()) as {
    query: string;
    variables?: Record<string, unknown>;
  };
  return frame('200 OK', JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} })));
}

function frame(status: string, body: string): Buffer {
  const head = ['content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`];
  return Buffer.from([`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n'));
}

function answer(socket: Socket, request: HttpRequest): void {
  const key = `${request.path} ${request.body}`;
  let made = answers.get(key);
  if (made === undefined) {
    made = makeAnswer(request).then((buffer) => {
      answers.set(key, buffer);
      return buffer;
    });
    answers.set(key, made);
  }
  const send = () => {
    if (made instanceof Promise) void made.then((buffer) => socket.write(buffer));
    else socket.write(made);
  };
  if (observed === null) send();
  else hold(request, send);
}

function hold({ head }: HttpRequest, release: () => void): void {
  observed!.requests += 1;
  if (head.includes(`Bearer ${OBSERVED_CALLER}`)) observed!.withToken += 1;
  wave.push(release);
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    observed!.steps += 1;
    const held = wave;
    wave = [];
    for (const each of held) each();
  }, QUIET_MS);
}

process.on('message', ({ kind }: SubgraphMessage) => {
  if (kind === 'observe') {
    observed = { requests: 0, steps: 0, withToken: 0 };
    process.send!({ kind: 'observing' });
  } else {
    process.send!({ kind: 'observed', ...observed });
    observed = null;
  }
});
process.on('disconnect', () => process.exit());

const server = createServer({ noDelay: true }, (socket) => {
  const read = createRequestReader((request) => answer(socket, request));
  socket.on('data', read);
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send!({ kind: 'ready', url: `http://127.0.0.1:${port}` });
});
