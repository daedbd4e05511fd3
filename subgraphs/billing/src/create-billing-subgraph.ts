import { createSubgraph } from '@tributary/kit';
import type { RunningSubgraph, SubgraphDefinition, SubgraphDependencies } from '@tributary/kit';
import { accessMap, subgraphSdl } from '@tributary/schema';

import { createContextExtension } from './context.ts';
import type { BillingContext } from './context.ts';
import { entities } from './entities.ts';
import { createInvoicePdfLinks } from './invoice/invoice-pdf-links.ts';
import type { InvoicePdfLinks } from './invoice/invoice-pdf-links.ts';
import { createInvoicePdfRoutes } from './invoice/invoice-pdf.routes.ts';
import type { InvoicePdfRoutes } from './invoice/invoice-pdf.routes.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers.ts';

export interface BillingDependencies extends SubgraphDependencies {
  /** Where clients reach the routes of the documents, for example `https://shop.example.com`. */
  publicBaseUrl: string;
  /** Key of signed links: at least 32 random bytes, the same on every replica. */
  linkKey: Uint8Array;
}

export interface BillingSubgraph extends RunningSubgraph {
  /** Serves the documents behind `Invoice.pdfUrl`. To be mounted on a public server, at `publicBaseUrl`. */
  readonly invoicePdfRoutes: InvoicePdfRoutes;
}

/** What the subgraph is made of. */
export const defineBillingSubgraph = (links: InvoicePdfLinks): SubgraphDefinition<BillingContext> => ({
  name: 'billing',
  sdl: subgraphSdl('billing'),
  resolvers,
  permissions,
  requirements: accessMap().fields,
  entities,
  extendContext: createContextExtension(links),
});

/** Opens the database. Rejects when it cannot be reached, or when rules and schema do not fit. */
export async function createBillingSubgraph(dependencies: BillingDependencies): Promise<BillingSubgraph> {
  const { publicBaseUrl, linkKey, clock } = dependencies;
  const links = createInvoicePdfLinks({ publicBaseUrl, key: linkKey });
  const subgraph = await createSubgraph(defineBillingSubgraph(links), dependencies);
  return { ...subgraph, invoicePdfRoutes: createInvoicePdfRoutes({ database: subgraph.database, links, clock }) };
}
