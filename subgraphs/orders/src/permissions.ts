import { asContract, everyone, fields, hiddenUnless, nobody, required, VALUE_TYPE } from '@tributary/kit';
import type { Permissions } from '@tributary/kit';

import type { OrdersContext } from './context.ts';
import {
  followsOrders,
  seesAddresses,
  seesFulfillmentBlockers,
  seesOrdersOfOrganization,
  seesOrdersOfUser,
  seesSupportData,
} from './order/order.access.ts';
import type { OrderOwners } from './order/order.ts';
import { seesOrder } from './order/order.visibility.ts';
import type { Stub } from './references.ts';

// Rules on orders and their parts repeat what the row predicates say, so that neither is the only wall.

const orderReader = required('sees the order', ({ principal }: OrdersContext, owners: OrderOwners) =>
  seesOrder(principal, owners),
);
const addressReader = hiddenUnless(
  'sees the addresses',
  ({ principal }: OrdersContext, owners: OrderOwners) =>
    seesOrder(principal, owners) && seesAddresses(principal, owners),
);
const blockersReader = required(
  'sees what blocks the shipment',
  ({ principal }: OrdersContext, owners: OrderOwners) =>
    seesOrder(principal, owners) && seesFulfillmentBlockers(principal),
);
const supportReader = required(
  'sees what the support desk knows',
  ({ principal }: OrdersContext, owners: OrderOwners) => seesOrder(principal, owners) && seesSupportData(principal),
);
// Which orders they may follow is decided on the row; see order.subscriptions.ts.
const follower = required('may follow orders', ({ principal }: OrdersContext) => followsOrders(principal));
const ordersOfUser = hiddenUnless('sees the orders of the person', ({ principal }: OrdersContext, { id }: Stub) =>
  seesOrdersOfUser(principal, id),
);
const ordersOfOrganization = hiddenUnless(
  'sees the orders of the organization',
  ({ principal }: OrdersContext, { id }: Stub) => seesOrdersOfOrganization(principal, id),
);

export const permissions: Permissions = {
  Query: {
    ...fields(everyone, ['product', 'products']),
    ...fields(asContract, ['order', 'orders']),
  },
  // Which of them a caller may do to which order is decided where the order is locked; see order.access.ts.
  Mutation: fields(asContract, ['orderDraftSave', 'orderPlace', 'orderUpdate', 'orderCancel', 'productSave']),
  Subscription: { orderUpdated: follower },
  Product: fields(everyone, ['id', 'slug', 'title', 'description', 'active', 'variants', 'updatedAt', 'version']),
  ProductVariant: fields(everyone, ['id', 'sku', 'title', 'product', 'price', 'availableQuantity']),
  Order: {
    ...fields(orderReader, [
      'id',
      'number',
      'status',
      'fulfillmentStatus',
      'channel',
      'buyer',
      'organization',
      'buyerId',
      'organizationId',
      'partnerOrganizationId',
      'currency',
      'lines',
      'itemCount',
      'subtotal',
      'discountTotal',
      'shippingTotal',
      'taxTotal',
      'total',
      'discounts',
      'shipments',
      'returns',
      'customerNote',
      'externalReference',
      'timeline',
      'cancelReason',
      'canceledAt',
      'placedAt',
      'createdAt',
      'updatedAt',
      'version',
    ]),
    ...fields(addressReader, ['shippingAddress', 'billingAddress']),
    fulfillmentBlockers: blockersReader,
    ...fields(supportReader, ['internalNote', 'riskScore']),
    // Billing's; here it is only an input of `fulfillmentBlockers`.
    paymentStatus: nobody,
  },
  OrderLine: fields(orderReader, [
    'id',
    'variant',
    'sku',
    'title',
    'quantity',
    'shippedQuantity',
    'returnedQuantity',
    'unitPrice',
    'discountTotal',
    'taxTotal',
    'taxLines',
    'total',
  ]),
  Shipment: fields(orderReader, [
    'id',
    'status',
    'order',
    'carrier',
    'trackingNumber',
    'lines',
    'shippedAt',
    'deliveredAt',
    'version',
  ]),
  OrderReturn: fields(orderReader, [
    'id',
    'status',
    'order',
    'lines',
    'reason',
    'refundAmount',
    'requestedAt',
    'version',
  ]),
  User: { id: asContract, orders: ordersOfUser },
  Organization: { id: asContract, orders: ordersOfOrganization },
  // Reached only through an order, or its subscription, whose rules have let the caller pass.
  OrderUpdated: VALUE_TYPE,
  OrderEvent: VALUE_TYPE,
  ShipmentLine: VALUE_TYPE,
  ReturnLine: VALUE_TYPE,
  TaxLine: VALUE_TYPE,
  DiscountApplication: VALUE_TYPE,
  PostalAddress: VALUE_TYPE,
  Money: VALUE_TYPE,
  PageInfo: VALUE_TYPE,
  ProductConnection: VALUE_TYPE,
  ProductEdge: VALUE_TYPE,
  OrderConnection: VALUE_TYPE,
  OrderEdge: VALUE_TYPE,
  OrderLineConnection: VALUE_TYPE,
  OrderLineEdge: VALUE_TYPE,
  OrderEventConnection: VALUE_TYPE,
  OrderEventEdge: VALUE_TYPE,
  OrderDraftSavePayload: VALUE_TYPE,
  OrderPlacePayload: VALUE_TYPE,
  OrderUpdatePayload: VALUE_TYPE,
  OrderCancelPayload: VALUE_TYPE,
  ProductSavePayload: VALUE_TYPE,
  InputError: VALUE_TYPE,
  VersionConflictError: VALUE_TYPE,
  StateError: VALUE_TYPE,
};
