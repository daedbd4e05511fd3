import { expect } from 'vitest';

import { creditInvoice, numberCreditNote } from '@tributary/billing/credit-note/issue-credit-note';
import type { OrderPlaced } from '@tributary/billing/events';
import { billOrder } from '@tributary/billing/invoice/bill-order';
import { cancelOrderInvoice } from '@tributary/billing/invoice/cancel-order-invoice';
import { lockInvoiceOfOrder, lockInvoiceOfPayment } from '@tributary/billing/invoice/invoice-writes.repository';
import { postTransaction } from '@tributary/billing/ledger/ledger.repository';
import { goodwillGranted, reversalOf } from '@tributary/billing/ledger/postings';
import { payInvoice } from '@tributary/billing/payment/pay-invoice';
import { lockPayment } from '@tributary/billing/payment/payment-writes.repository';
import { PAYMENT_SETTINGS } from '@tributary/billing/payment/payment-settings';
import { recordChargeOutcome } from '@tributary/billing/payment/record-charge-outcome';
import type { ChargeOutcome } from '@tributary/billing/provider/payment-provider';
import { recordRefundOutcome } from '@tributary/billing/refund/record-refund-outcome';
import { requestRefund } from '@tributary/billing/refund/request-refund';
import { newUuid, Refusal, SYSTEM } from '@tributary/kit';
import type { WriteTransaction } from '@tributary/kit';
import sql, { raw } from 'sql-template-tag';

import { NOW } from '../billing-world.ts';
import { orderPlaced, person } from '../payment-world.ts';
import type { Customer, PaymentWorld } from '../payment-world.ts';
import type { Command } from './ledger-commands.ts';
import { LedgerModel } from './ledger-model.ts';
import type { Outcome } from './ledger-model.ts';

// One run: each command is done in memory and by the use cases of billing, in a currency of its own, so that many runs share a database.

const ACCOUNTS = 3;

export class LedgerRun {
  readonly model = new LedgerModel(ACCOUNTS);
  /** Commands that did something, by name. */
  readonly done = new Map<string, number>();
  readonly #orderIds: string[] = [];
  readonly #invoiceIds: string[] = [];
  readonly #paymentIds: string[] = [];
  readonly #refundIds: string[] = [];
  readonly #giftIds: string[] = [];
  readonly #world: PaymentWorld;
  readonly #currency: string;
  readonly #customers: readonly Customer[];

  constructor(world: PaymentWorld, currency: string, customers: readonly Customer[]) {
    this.#world = world;
    this.#currency = currency;
    this.#customers = customers;
  }

  async perform(command: Command): Promise<void> {
    if (await this.#perform(command)) this.done.set(command.do, (this.done.get(command.do) ?? 0) + 1);
  }

  async #perform(command: Command): Promise<boolean> {
    const { model } = this;
    const pick = (number: number, list: readonly unknown[]) => (list.length === 0 ? -1 : number % list.length);
    switch (command.do) {
      case 'place': {
        const account = command.account % ACCOUNTS;
        const tax = (command.net * command.taxPercent) / 100n;
        model.place(account, command.net + tax, tax, command.card);
        return this.#place(account, command.net + tax, tax, command.card);
      }
      case 'payFromBalance':
      case 'payWithCard': {
        const invoice = pick(command.invoice, model.invoices);
        if (invoice < 0) return false;
        const amount = this.#amountOf(command, invoice);
        const allowed = model[command.do](invoice, amount);
        return this.#pay(invoice, amount, command.do === 'payWithCard', allowed);
      }
      case 'send': {
        const payment = pick(command.payment, model.payments);
        if (payment < 0) return false;
        model.send(payment);
        await this.#write((tx) =>
          tx.query(sql`UPDATE billing.payments SET sent_at = now()
            WHERE id = ${this.#paymentIds[payment]!}::uuid AND state = 'PROCESSING'`),
        );
        return true;
      }
      case 'hear': {
        const payment = pick(command.payment, model.payments);
        if (payment < 0) return false;
        model.hear(payment, command.outcome);
        return this.#hear(payment, command.outcome);
      }
      case 'cancel': {
        const invoice = pick(command.invoice, model.invoices);
        if (invoice < 0) return false;
        model.cancel(invoice);
        const orderId = this.#orderIds[invoice]!;
        await this.#write((tx) => cancelOrderInvoice(tx, { orderId, reason: 'CUSTOMER' }));
        return true;
      }
      case 'credit': {
        const invoice = pick(command.invoice, model.invoices);
        if (invoice < 0) return false;
        const amount = this.#amountOf(command, invoice);
        return model.credit(invoice, amount) && this.#credit(invoice, amount);
      }
      case 'refund': {
        const payment = pick(command.payment, model.payments);
        if (payment < 0) return false;
        const amount = this.#amountOf(command, payment);
        return model.refund(payment, amount) && this.#refund(payment, amount);
      }
      case 'hearOfRefund': {
        const refund = pick(command.refund, model.refunds);
        if (refund < 0) return false;
        model.hearOfRefund(refund, command.succeeded);
        const reference = `re_${this.#refundIds[refund]!}`;
        const outcome = command.succeeded
          ? ({ state: 'succeeded', reference, succeededAt: NOW } as const)
          : ({ state: 'failed', reference, failureCode: 'refund_declined' } as const);
        await this.#write((tx) => recordRefundOutcome(tx, this.#refundIds[refund]!, outcome));
        return true;
      }
      case 'grant': {
        const account = command.account % ACCOUNTS;
        model.grant(account, command.amount);
        this.#giftIds.push(newUuid(NOW));
        expect(await this.#write((tx) => postTransaction(tx, this.#gift(model.gifts.length - 1)))).toBe(true);
        return true;
      }
      case 'reverse': {
        const gift = pick(command.gift, model.gifts);
        return gift >= 0 && this.#reverse(gift);
      }
    }
  }

  #amountOf({ do: what, amount, fit }: Extract<Command, { fit: boolean }>, index: number): bigint {
    const most = this.model.most(what, index);
    return fit && amount > most && most > 0n ? most : amount;
  }

  async #place(account: number, total: bigint, tax: bigint, card: boolean): Promise<boolean> {
    const customer = this.#customers[account]!;
    const { aggregateId, data } = orderPlaced('TR', customer, { currency: this.#currency, withCard: card });
    const amounts = { taxMinor: String(tax), totalMinor: String(total) };
    const [line] = (data as unknown as OrderPlaced).lines;
    const priced = { ...line!, ...amounts, unitPriceMinor: String(total - tax), taxes: [] };
    const order = { ...(data as unknown as OrderPlaced), ...amounts, lines: [priced] };
    this.#orderIds.push(aggregateId);
    const payments = await this.#write(async (tx) => {
      await billOrder(tx, { orderId: aggregateId, order });
      return tx.query<{ id: string; invoiceId: string }>(
        sql`SELECT p.id, i.id AS "invoiceId" FROM billing.invoices i LEFT JOIN billing.payments p ON p.invoice_id = i.id
          WHERE i.order_id = ${aggregateId}::uuid`,
      );
    });
    this.#invoiceIds.push(payments[0]!.invoiceId);
    this.#paymentIds.push(...payments.map(({ id }) => id).filter((id) => id !== null));
    return true;
  }

  async #pay(invoice: number, amountMinor: bigint, withCard: boolean, allowed: boolean): Promise<boolean> {
    const customer = this.#customers[this.model.invoices[invoice]!.account]!;
    const payer = {
      principal: person(customer),
      invoiceArms: [sql`TRUE`],
      ownAccounts: sql`a.id = ${customer.accountId}::uuid`,
    };
    const input = {
      invoiceId: this.#invoiceIds[invoice]!,
      amount: { amountMinor, currency: this.#currency },
      paymentMethodId: withCard ? customer.methodId : null,
    };
    const paying = this.#write((tx) => payInvoice(tx, payer, input));
    if (!allowed) {
      await expect(paying).rejects.toThrow(Refusal);
      return false;
    }
    this.#paymentIds.push((await paying).ids.payment!);
    return true;
  }

  async #hear(payment: number, state: Outcome): Promise<boolean> {
    const id = this.#paymentIds[payment]!;
    const reference = `ch_${id}`;
    const outcomes: Record<Outcome, ChargeOutcome> = {
      captured: { state: 'captured', reference, capturedMinor: this.model.payments[payment]!.amount, capturedAt: NOW },
      authorized: { state: 'authorized', reference },
      requiresAction: { state: 'requiresAction', reference, url: 'https://bank.test/' },
      released: { state: 'released', reference },
      failed: { state: 'failed', reference, failureCode: 'card_declined' },
    };
    return this.#write((tx) => recordChargeOutcome(tx, id, outcomes[state], PAYMENT_SETTINGS));
  }

  async #credit(index: number, amountMinor: bigint): Promise<boolean> {
    await this.#write(async (tx) => {
      const invoice = (await lockInvoiceOfOrder(tx, this.#orderIds[index]!))!;
      const { id } = await creditInvoice(tx, invoice, amountMinor);
      await numberCreditNote(tx, { id, invoice, amountMinor, reason: 'A test.' });
    });
    return true;
  }

  async #refund(index: number, amountMinor: bigint): Promise<boolean> {
    await this.#write(async (tx) => {
      const invoice = await lockInvoiceOfPayment(tx, this.#paymentIds[index]!);
      const payment = await lockPayment(tx, this.#paymentIds[index]!);
      const credited = await creditInvoice(tx, invoice, amountMinor);
      await requestRefund(tx, { invoice: credited.invoice, payment, amountMinor, reason: 'A test.' });
      await numberCreditNote(tx, { id: credited.id, invoice, amountMinor, reason: 'A test.' });
    });
    return true;
  }

  async #reverse(gift: number): Promise<boolean> {
    const { reversed } = this.model.gifts[gift]!;
    const allowed = this.model.reverse(gift);
    const reversing = this.#write((tx) => postTransaction(tx, reversalOf(this.#gift(gift), 'goodwill_reversed')));
    // The same fact posts once; a balance never goes below zero.
    if (allowed || reversed) expect(await reversing).toBe(allowed);
    else await expect(reversing).rejects.toThrow(/account_balances_available_check|does not exist/);
    return allowed;
  }

  #gift(index: number) {
    const { account, amount } = this.model.gifts[index]!;
    const movement = { id: this.#giftIds[index]!, currency: this.#currency, amountMinor: amount };
    return goodwillGranted(movement, this.#customers[account]!.accountId);
  }

  /** Refunds that come about are found by the event that tells of them. */
  async #write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    let requested = new Map<string, string>();
    const result = await this.#world.subgraph.writer.write({ actor: SYSTEM, traceparent: null }, (tx) => {
      requested = new Map();
      return work({
        ...tx,
        publish({ type, data }) {
          if (type === 'refund.requested') requested.set(data.paymentId as string, data.refundId as string);
        },
      });
    });
    for (const { payment } of this.model.refunds.slice(this.#refundIds.length))
      this.#refundIds.push(requested.get(this.#paymentIds[payment]!)!);
    return result;
  }

  /** Compares everything that there is. */
  async expectAgreement(): Promise<void> {
    const { model } = this;
    const { database } = this.#world.subgraph;
    const rows = async (columns: string, table: string, ids: readonly string[]) => {
      const found = await database.query<{ id: string }>(
        sql`SELECT id, ${raw(columns)} FROM billing.${raw(table)} WHERE id = ANY(${ids}::uuid[])`,
      );
      const byId = new Map(found.map(({ id, ...row }) => [id, row]));
      return ids.map((id) => byId.get(id));
    };
    const figures = `status, total_minor AS total, paid_minor AS paid, refunded_minor AS refunded,
      credited_minor AS credited, CASE status WHEN 'OPEN' THEN due_minor ELSE 0 END AS due`;
    expect(await rows(figures, 'invoices', this.#invoiceIds)).toEqual(
      model.invoices.map(({ status, total, paid, refunded, credited }, index) => ({
        ...{ status, total, paid, refunded, credited },
        due: model.due(index),
      })),
    );
    const amounts = `state, amount_minor AS amount, captured_minor AS captured, refunded_minor AS refunded,
      refund_pending_minor AS pending`;
    expect(await rows(amounts, 'payments', this.#paymentIds)).toEqual(
      model.payments.map(({ state, amount, captured, refunded, pending }) => ({
        state,
        amount,
        captured,
        refunded,
        pending,
      })),
    );
    expect(await rows('status, amount_minor AS amount', 'refunds', this.#refundIds)).toEqual(
      model.refunds.map(({ status, amount }) => ({ status, amount })),
    );
    const balances = await database.query<{ id: string; minor: bigint }>(
      sql`SELECT account_id AS id, available_minor AS minor FROM billing.account_balances WHERE currency = ${this.#currency}`,
    );
    const held = new Map(balances.map(({ id, minor }) => [id, minor]));
    expect(this.#customers.map(({ accountId }) => held.get(accountId) ?? 0n)).toEqual(model.balances);
    const sums = await database.query<{ account: string; sum: bigint }>(
      sql`SELECT left(account_code, 4) AS account,
          sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END)::bigint AS sum
        FROM billing.ledger_entries WHERE currency = ${this.#currency} GROUP BY 1`,
    );
    const nonZero = (all: readonly (readonly [string, bigint])[]) =>
      Object.fromEntries(all.filter(([, sum]) => sum !== 0n));
    expect(nonZero(sums.map(({ account, sum }) => [account, sum]))).toEqual(nonZero([...model.ledger]));
  }
}
