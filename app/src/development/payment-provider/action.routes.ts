import type { FastifyInstance, FastifyReply } from 'fastify';

import { ACTION_PAGE_POLICY, actionPage, missingPage } from './action-page.ts';
import type { ProviderContext } from './behavior.ts';
import { changeCharge } from './change-charge.ts';
import { findCharge } from './charge.repository.ts';
import { decide, toWireCharge } from './charge.ts';
import { Fault } from './fault.ts';

// Where a payer confirms a payment. Who holds the reference is the payer.

interface ByReference {
  Params: { reference: string };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export function mountActions(app: FastifyInstance, context: ProviderContext): void {
  // Only under a name of this machine: another name that leads here is somebody else's page in disguise.
  app.addHook('onRequest', async ({ hostname }) => {
    if (!LOOPBACK.includes(hostname)) throw new Fault('NOT_FOUND', 'There is nothing here.');
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', ACTION_PAGE_POLICY).header('cache-control', 'no-store');
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  // What a form sends along is of no interest.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 1024 },
    (_request, _body, done) => done(null, {}),
  );

  const sendPage = (reply: FastifyReply, html: string) => reply.type('text/html; charset=utf-8').send(html);
  app.get<ByReference>('/actions/:reference', async ({ params: { reference } }, reply) => {
    const charge = await findCharge(context.database, reference);
    if (!charge) return sendPage(reply.code(404), missingPage);
    return sendPage(reply, actionPage(toWireCharge(charge, context.actionUrlOf(reference))));
  });
  for (const decision of ['confirm', 'decline'] as const)
    app.post<ByReference>(`/actions/:reference/${decision}`, async ({ params: { reference } }, reply) => {
      await changeCharge(context, reference, (charge, now) => decide(charge, decision, now));
      return reply.redirect(`../${reference}`, 303);
    });
}
