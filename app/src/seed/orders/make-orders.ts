import { addNumberSeries } from '../billing/close-accounts.ts';
import { createLedger } from '../billing/ledger.ts';
import { createDiscountCodes } from '../catalog/discount-codes.ts';
import type { Catalog } from '../catalog/make-catalog.ts';
import type { CopyLoader } from '../load/copy-batch.ts';
import type { People } from '../people/company-state.ts';
import { createRandom } from '../random.ts';
import { timeInHistory } from '../time.ts';
import { chooseOwner } from './choose-owner.ts';
import { makeOrder } from './make-order.ts';
import { planOrders } from './planned-orders.ts';

export interface OrdersDeps {
  count: number;
  reference: number;
  people: People;
  catalog: Catalog;
  loader: CopyLoader;
  onProgress: (done: number) => void;
}

// Long enough to be worth the turn of the event loop, short enough to keep the connection busy.
const ORDERS_PER_TURN = 100;

/** Makes all orders, oldest first, with what billing did about them. */
export async function makeOrders({ count, reference, people, catalog, loader, onProgress }: OrdersDeps): Promise<void> {
  const random = createRandom('orders');
  const discountCodes = createDiscountCodes(reference);
  const plans = planOrders(people, count, reference);
  const invoiceNumbers = numbers('INV-');
  const creditNoteNumbers = numbers('CN-');
  const deps = {
    random,
    reference,
    people,
    catalog,
    add: loader.add,
    post: createLedger(random, loader.add),
    countDiscountCode: discountCodes.count,
    nextOrderNumber: numbers('TR').take,
    nextInvoiceNumber: invoiceNumbers.take,
    nextCreditNoteNumber: creditNoteNumbers.take,
  };
  for (let place = 0; place < count; place += 1) {
    const position = (place + random.fraction()) / count;
    const plan = plans.get(place) ?? chooseOwner(random, people, position);
    makeOrder(deps, plan, plan.createdAt ?? timeInHistory(reference, position));
    if (place % ORDERS_PER_TURN !== 0) continue;
    onProgress(place);
    await loader.relax();
  }
  addNumberSeries(loader.add, reference, { INV: invoiceNumbers.next(), CN: creditNoteNumbers.next() });
  discountCodes.addAll(loader.add);
  onProgress(count);
}

const FIRST_NUMBER = 100_001;

function numbers(prefix: string): { take: () => string; next: () => number } {
  let next = FIRST_NUMBER;
  return { take: () => `${prefix}${next++}`, next: () => next };
}
