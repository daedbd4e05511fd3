import { createFieldCipher, createSubgraph } from '@tributary/kit';
import type { FieldKey, RunningSubgraph, SubgraphDefinition, SubgraphDependencies } from '@tributary/kit';
import { accessMap, subgraphSdl } from '@tributary/schema';

import { createContextExtension } from './context.ts';
import type { BillingContext } from './context.ts';
import { entities } from './entities.ts';
import { handlers } from './handlers.ts';
import { createInvoicePdfLinks } from './invoice/invoice-pdf-links.ts';
import type { InvoicePdfLinks } from './invoice/invoice-pdf-links.ts';
import { createInvoicePdfRoutes } from './invoice/invoice-pdf.routes.ts';
import type { InvoicePdfRoutes } from './invoice/invoice-pdf.routes.ts';
import { permissions } from './permissions.ts';
import { createProviderEventHandler } from './payment/apply-provider-event.ts';
import type { ApplyProviderEvent } from './payment/apply-provider-event.ts';
import { createAskingJobs } from './payment/ask-provider.ts';
import { createProviderEventClearing } from './payment/clear-provider-events.ts';
import { PAYMENT_SETTINGS } from './payment/payment-settings.ts';
import type { PaymentSettings } from './payment/payment-settings.ts';
import type { PaymentProvider } from './provider/payment-provider.ts';
import { createPaymentWebhookRoutes } from './provider/webhook.routes.ts';
import type { PaymentWebhookRoutes } from './provider/webhook.routes.ts';
import { resolvers } from './resolvers.ts';

export interface BillingDependencies extends SubgraphDependencies {
  /** Where clients reach the routes of the documents, for example `https://shop.example.com`. */
  publicBaseUrl: string;
  /** Key of signed links: at least 32 random bytes, the same on every replica. */
  linkKey: Uint8Array;
  /** Read the tokens of saved payment methods. Not empty; the first one also encrypts. */
  fieldKeys: readonly FieldKey[];
  /** Who moves the money. Left out: payments and refunds wait until a process that knows it sends them. */
  payments?: PaymentDependencies | undefined;
}

export interface PaymentDependencies {
  provider: PaymentProvider;
  /** Any of them may sign what the provider tells. Not empty. */
  webhookSecrets: readonly string[];
  settings?: Partial<PaymentSettings> | undefined;
}

export interface BillingSubgraph extends RunningSubgraph {
  /** Serves the documents behind `Invoice.pdfUrl`. To be mounted on a public server, at `publicBaseUrl`. */
  readonly invoicePdfRoutes: InvoicePdfRoutes;
  /** Takes in what the payment provider tells; null without a provider. To be mounted on a public server. */
  readonly paymentWebhookRoutes: PaymentWebhookRoutes | null;
  /** What these routes do with an event; null without a provider. */
  readonly applyProviderEvent: ApplyProviderEvent | null;
}

/** What the subgraph is made of. */
export const defineBillingSubgraph = (
  links: InvoicePdfLinks,
  jobs: NonNullable<SubgraphDefinition<BillingContext>['jobs']> = () => [],
): SubgraphDefinition<BillingContext> => ({
  name: 'billing',
  sdl: subgraphSdl('billing'),
  resolvers,
  permissions,
  requirements: accessMap().fields,
  entities,
  extendContext: createContextExtension(links),
  handlers,
  jobs,
});

/** Opens the database. Rejects when it cannot be reached, or when rules and schema do not fit. */
export async function createBillingSubgraph(dependencies: BillingDependencies): Promise<BillingSubgraph> {
  const { publicBaseUrl, linkKey, fieldKeys, clock, payments } = dependencies;
  const logger = dependencies.logger.child({ subgraph: 'billing' });
  const links = createInvoicePdfLinks({ publicBaseUrl, key: linkKey });
  const cipher = createFieldCipher(fieldKeys);
  const settings = { ...PAYMENT_SETTINGS, ...payments?.settings };
  const definition = defineBillingSubgraph(links, (parts) =>
    payments
      ? [
          ...createAskingJobs({ ...parts, provider: payments.provider, cipher, settings, logger }),
          createProviderEventClearing(parts.database),
        ]
      : [],
  );
  const subgraph = await createSubgraph(definition, dependencies);
  const { database, writer } = subgraph;
  const applyProviderEvent = payments
    ? createProviderEventHandler({ provider: payments.provider, writer, settings, logger })
    : null;
  return {
    ...subgraph,
    invoicePdfRoutes: createInvoicePdfRoutes({ database, links, clock }),
    applyProviderEvent,
    paymentWebhookRoutes:
      payments && applyProviderEvent
        ? createPaymentWebhookRoutes({ secrets: payments.webhookSecrets, onEvent: applyProviderEvent, clock, logger })
        : null,
  };
}
