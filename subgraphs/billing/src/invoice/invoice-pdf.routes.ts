import type { FastifyInstance } from 'fastify';

import { EVERY_ROW, groupedInKeyOrder, NO_ROW } from '@tributary/kit';
import type { Clock, RequestReader } from '@tributary/kit';

import { createInvoiceLineRepository } from './invoice-line.repository.ts';
import type { InvoicePdfLinks } from './invoice-pdf-links.ts';
import { createInvoicePdfRenderer } from './invoice-pdf.ts';
import type { InvoiceDocument } from './invoice-pdf.ts';
import { createInvoiceRepository } from './invoice.repository.ts';
import { isFinalized } from './invoice.ts';

/** A Fastify plugin. Its routes take no token: a link carries its own right. */
export type InvoicePdfRoutes = (server: FastifyInstance) => Promise<void>;

export interface InvoicePdfRoutesDeps {
  database: RequestReader;
  links: InvoicePdfLinks;
  clock: Clock;
}

interface PdfRequest {
  Params: { id: string };
  Querystring: { expires?: unknown; signature?: unknown };
}

// Says nothing about what is wrong with a link, or whether there is such an invoice.
const REFUSED = { errors: [{ message: 'This link is not valid.', extensions: { code: 'FORBIDDEN' } }] };
const MISSING = { errors: [{ message: 'There is no such document.', extensions: { code: 'NOT_FOUND' } }] };

export function createInvoicePdfRoutes({ database, links, clock }: InvoicePdfRoutesDeps): InvoicePdfRoutes {
  const findDocument = createDocumentReader(database);
  const render = createInvoicePdfRenderer();
  return async (server) => {
    server.get<PdfRequest>('/invoices/:id.pdf', async ({ params, query }, reply) => {
      // The address is a secret and the document is personal: neither may stay in caches or leave with a referrer.
      reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer');
      reply.header('x-content-type-options', 'nosniff');
      const { expires, signature } = query;
      const link = typeof expires === 'string' && typeof signature === 'string' && { ...params, expires, signature };
      const invoiceId = link && links.read(link, clock.now());
      if (!invoiceId) return reply.code(403).send(REFUSED);
      const document = await findDocument(invoiceId);
      if (document === null) return reply.code(404).send(MISSING);
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="invoice-${fileNameOf(document)}.pdf"`)
        .send(await render(document));
    });
  };
}

// The signature stands for the right to see the invoice, so every row is visible here; drafts have no document.
function createDocumentReader(database: RequestReader): (invoiceId: string) => Promise<InvoiceDocument | null> {
  const invoices = createInvoiceRepository(database, EVERY_ROW, NO_ROW);
  const invoiceLines = createInvoiceLineRepository(database, EVERY_ROW);
  return async (invoiceId) => {
    const [invoice] = await invoices.findByIds([invoiceId]);
    if (invoice === undefined || !isFinalized(invoice)) return null;
    const lines = await invoiceLines.findByInvoice(invoiceId);
    const lineIds = lines.map(({ id }) => id);
    const taxes = groupedInKeyOrder(lineIds, await invoiceLines.findTaxes(lineIds), (tax) => tax.invoiceLineId);
    return { invoice, lines: lines.map((line, index) => ({ ...line, taxes: taxes[index]! })) };
  };
}

const fileNameOf = ({ invoice }: InvoiceDocument) => (invoice.number ?? '').replaceAll(/[^\w.-]/g, '_');
