import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { SANDBOX_ORIGIN } from '@tributary/gateway/config';

import { noticePage } from './notice-page.ts';
import type { Notice } from './notice-page.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

// `/` is the explorer: a page built from `app/explorer/`, served from our own files. `/sandbox` leads to Apollo Sandbox. Files are read
// when somebody asks for them; nothing is held in memory.

/** What the page has to know about the process that serves it, as `GET /explorer/config.json` tells it. */
export interface ExplorerPageConfig {
  /** Whether there are development identities to switch between. */
  personas: boolean;
  /** Whether the schema can be read, for documentation and completion. */
  introspection: boolean;
  /** Whether `/sandbox` leads anywhere. */
  sandbox: boolean;
  /** Operations to offer as examples, as one GraphQL document. */
  workload: string;
}

export interface ExplorerOptions extends ExplorerPageConfig {
  /** Where a browser reaches the GraphQL endpoint. */
  endpoint: string;
  /** Where the built page lies; it may come into being later. */
  directory?: string;
}

const BUILT = join(import.meta.dirname, '..', '..', 'explorer', 'dist');

const notBuilt: Notice = {
  title: 'The explorer is not built yet',
  paragraphs: [
    'GraphQL is served at /graphql all the same. The page that belongs here is built by "npm ci", unless install scripts are switched off. To build it now, run this in the root of the repository and load this page again:',
  ],
  command: 'npm run prepare',
};

const sandboxNotAllowed: Notice = {
  title: 'Apollo Sandbox may not call this server',
  paragraphs: [
    `CORS_ORIGINS does not name ${SANDBOX_ORIGIN}, so a browser would not let Sandbox read the answers. Add it, start again, and load this page again:`,
  ],
  command: `CORS_ORIGINS=${SANDBOX_ORIGIN} npm start`,
};

/** Routes of the explorer, to be mounted in a scope of their own. */
export function createExplorer(options: ExplorerOptions): (app: FastifyInstance) => Promise<void> {
  const { endpoint, directory = BUILT, personas, introspection, sandbox, workload } = options;
  const pageConfig: ExplorerPageConfig = { personas, introspection, sandbox, workload };
  const sandboxUrl = `${SANDBOX_ORIGIN}/sandbox/explorer?${new URLSearchParams({ endpoint }).toString()}`;

  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(SECURITY_HEADERS);
    });
    await app.register(fastifyStatic, {
      root: join(directory, 'assets'),
      prefix: '/explorer/assets/',
      // The names carry a hash of the content: what is at an address never changes.
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
      dotfiles: 'ignore',
      index: false,
      redirect: false,
      suppressWarning: true, // without assets there is a page that says so
    });

    app.get('/', async (_request, reply) => {
      reply.header('cache-control', 'no-cache');
      if (!(await exists(join(directory, 'index.html')))) return sendNotice(reply.code(503), notBuilt);
      return reply.sendFile('index.html', directory, { cacheControl: false });
    });
    app.get('/explorer/config.json', (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return pageConfig;
    });
    app.get('/sandbox', (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return sandbox ? reply.redirect(sandboxUrl, 302) : sendNotice(reply.code(404), sandboxNotAllowed);
    });
  };
}

function sendNotice(reply: FastifyReply, notice: Notice): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(noticePage(notice));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
