import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FastifyInstance, FastifyReply } from 'fastify';

import { captureCharge, releaseCharge, toWireCharge } from './charge.ts';
import type { ProviderContext } from './behavior.ts';
import { changeCharge } from './change-charge.ts';
import { findChargeByKey } from './charge.repository.ts';
import { Fault } from './fault.ts';
import { makeCharge } from './make-charge.ts';
import type { Made } from './make-charge.ts';
import { makeRefund } from './make-refund.ts';
import { findRefundByKey } from './refund.repository.ts';
import { toWireRefund } from './refund.ts';
import { parseAmount, parseChargeRequest, parseKey, parseRefundRequest } from './request.ts';

// The API that shops call, with their key. Requests that move money carry an idempotency key in a header.

interface ByReference {
  Params: { reference: string };
}
interface ByKey {
  Querystring: { idempotencyKey?: unknown };
}

export function mountApi(app: FastifyInstance, context: ProviderContext, apiKey: string): void {
  const { database, behavior, actionUrlOf } = context;
  const withheld = new Set<ServerResponse>();

  async function withLatency<T>(work: () => Promise<T>): Promise<T> {
    await sleep(behavior.latencyMs / 2);
    const result = await work();
    await sleep(behavior.latencyMs / 2);
    return result;
  }

  async function send(reply: FastifyReply, { answer, withheld: how }: Made<object>): Promise<unknown> {
    if (how === 'serverError') return reply.code(500).send(errorBody('INTERNAL_ERROR', 'Something went wrong.'));
    if (how !== 'never') return answer;
    reply.hijack();
    withheld.add(reply.raw.once('close', () => withheld.delete(reply.raw)));
    return undefined;
  }

  app.addHook('onRequest', async ({ headers }) => {
    const [, given] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (given === undefined || !timingSafeEqual(digest(given), digest(apiKey)))
      throw new Fault('NOT_AUTHENTICATED', 'The API key is missing or wrong.');
  });
  // A caller who would have waited for nothing until the end of its patience.
  app.addHook('preClose', async () => {
    for (const response of withheld) response.destroy();
  });

  app.post('/v1/charges', async ({ body, headers }, reply) => {
    const request = parseChargeRequest(body, headers['idempotency-key']);
    return send(reply, await withLatency(() => makeCharge(context, request)));
  });
  app.get<ByKey>('/v1/charges', async ({ query }) => {
    const charge = await findChargeByKey(database, parseKey(query.idempotencyKey));
    return { items: charge ? [toWireCharge(charge, actionUrlOf(charge.reference))] : [] };
  });
  app.post<ByReference>('/v1/charges/:reference/capture', ({ params, body }) => {
    const amountMinor = parseAmount(body);
    return withLatency(() =>
      changeCharge(context, params.reference, (charge, now) => captureCharge(charge, amountMinor, now)),
    );
  });
  app.post<ByReference>('/v1/charges/:reference/release', ({ params }) =>
    withLatency(() => changeCharge(context, params.reference, releaseCharge)),
  );
  app.post('/v1/refunds', async ({ body, headers }, reply) => {
    const request = parseRefundRequest(body, headers['idempotency-key']);
    return send(reply, await withLatency(() => makeRefund(context, request)));
  });
  app.get<ByKey>('/v1/refunds', async ({ query }) => {
    const refund = await findRefundByKey(database, parseKey(query.idempotencyKey));
    return { items: refund ? [toWireRefund(refund)] : [] };
  });
}

export const errorBody = (code: string, message: string) => ({ error: { code, message } });

const digest = (text: string) => createHash('sha256').update(text).digest();
