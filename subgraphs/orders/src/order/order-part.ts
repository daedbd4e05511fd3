import { raw } from 'sql-template-tag';

import type { OrderOwners } from './order.ts';

/** What a line, a shipment or a return brings along of its order: the currency of its amounts and whom it belongs to. */
export interface OrderPart extends OrderOwners {
  orderId: string;
  currency: string;
}

/** The SELECT list of it, without the id, from `o`. */
export const orderPartColumns = raw(
  'o.currency AS "currency", o.buyer_id AS "buyerId", o.organization_id AS "organizationId", ' +
    'o.partner_organization_id AS "partnerOrganizationId"',
);
