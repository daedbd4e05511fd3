import type { FastifyInstance } from 'fastify';

import { unsupportedMediaType } from './errors.ts';

// JSON bodies are UTF-8 (RFC 8259, section 8.1). Another charset, or bytes that are none, would otherwise be read as something the
// client did not send.

const utf8 = new TextDecoder('utf-8', { fatal: true });

class UnusableBody extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** Reads JSON strictly. Bodies of other types are taken as they are, for Apollo Server to refuse: it knows which of them are forged. */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error'); // refuses __proto__ and constructor.prototype keys
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
      done(new UnusableBody(415, unsupportedMediaType().message));
      return;
    }
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      done(new UnusableBody(400, 'The body is not UTF-8.'));
      return;
    }
    void parseJson(request, text, done);
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
