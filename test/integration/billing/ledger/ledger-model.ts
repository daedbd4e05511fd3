// Billing in memory, as simple as it can be said: what each command does to invoices, payments, refunds, balances and the sums of the
// ledger. Written from the rules and without the code under test.

export interface ModelInvoice {
  account: number;
  status: 'OPEN' | 'PAID' | 'VOID';
  total: bigint;
  tax: bigint;
  paid: bigint;
  refunded: bigint;
  credited: bigint;
}

export interface ModelPayment {
  invoice: number;
  state: 'PROCESSING' | 'REQUIRES_ACTION' | 'AUTHORIZED' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  amount: bigint;
  captured: bigint;
  refunded: bigint;
  pending: bigint;
  fromBalance: boolean;
  /** Whether the provider may know of it. */
  sent: boolean;
}

export interface ModelRefund {
  payment: number;
  status: 'PROCESSING' | 'SUCCEEDED' | 'FAILED';
  amount: bigint;
}

export type Outcome = 'captured' | 'authorized' | 'requiresAction' | 'released' | 'failed';

type LedgerAccount = '1100' | '1200' | '2100' | '2200' | '4000' | '4100' | '6300';

export class LedgerModel {
  readonly invoices: ModelInvoice[] = [];
  readonly payments: ModelPayment[] = [];
  readonly refunds: ModelRefund[] = [];
  readonly balances: bigint[];
  readonly gifts: { account: number; amount: bigint; reversed: boolean }[] = [];
  /** Debits minus credits. */
  readonly ledger = new Map<LedgerAccount, bigint>();

  constructor(accounts: number) {
    this.balances = Array.from({ length: accounts }, () => 0n);
  }

  place(account: number, total: bigint, tax: bigint, withCard: boolean): void {
    this.invoices.push({
      account,
      status: total === 0n ? 'PAID' : 'OPEN',
      total,
      tax,
      paid: 0n,
      refunded: 0n,
      credited: 0n,
    });
    this.#book('1200', total, '4000', total - tax, '2200', tax);
    if (withCard && total > 0n) this.#pay(this.invoices.length - 1, 'PROCESSING', total, false);
  }

  /** False: refused. */
  payFromBalance(invoice: number, wanted: bigint): boolean {
    const { account } = this.invoices[invoice]!;
    if (wanted > this.#collectible(invoice) || wanted > this.balances[account]!) return false;
    const payment = this.#pay(invoice, 'SUCCEEDED', wanted, true);
    payment.captured = wanted;
    this.balances[account]! -= wanted;
    this.#book('2100', wanted, '1200', wanted);
    this.#receive(invoice, wanted);
    return true;
  }

  payWithCard(invoice: number, wanted: bigint): boolean {
    if (wanted > this.#collectible(invoice)) return false;
    this.#pay(invoice, 'PROCESSING', wanted, false);
    return true;
  }

  send(index: number): void {
    if (this.payments[index]!.state === 'PROCESSING') this.payments[index]!.sent = true;
  }

  hear(index: number, outcome: Outcome): void {
    const payment = this.payments[index]!;
    const final = payment.state === 'SUCCEEDED' || payment.state === 'FAILED';
    if (final || (payment.state === 'CANCELED' && outcome !== 'captured')) return;
    if (payment.state === 'AUTHORIZED' && (outcome === 'authorized' || outcome === 'requiresAction')) return;
    if (outcome !== 'captured') {
      payment.state = (
        { authorized: 'AUTHORIZED', requiresAction: 'REQUIRES_ACTION', released: 'CANCELED', failed: 'FAILED' } as const
      )[outcome];
      return;
    }
    const due = this.due(payment.invoice);
    payment.state = 'SUCCEEDED';
    payment.captured = payment.amount;
    this.#book('1100', payment.amount, '1200', payment.amount);
    this.#receive(payment.invoice, payment.amount);
    if (payment.amount > due) this.#giveBack(index, payment.amount - due);
  }

  cancel(index: number): void {
    const invoice = this.invoices[index]!;
    if (invoice.status === 'VOID') return;
    for (const payment of this.payments)
      if (payment.invoice === index && payment.state === 'PROCESSING' && !payment.sent) payment.state = 'CANCELED';
    if (invoice.status === 'OPEN' && invoice.paid === 0n && invoice.credited === 0n) {
      invoice.status = 'VOID';
      this.#book('4000', invoice.total - invoice.tax, '1200', invoice.total, '2200', -invoice.tax);
      return;
    }
    this.#credit(index, invoice.total - invoice.credited);
    this.payments.forEach((payment, each) => {
      const rest = payment.captured - payment.refunded - payment.pending;
      if (payment.invoice === index && rest > 0n) this.#giveBack(each, rest);
    });
  }

  credit(index: number, amount: bigint): boolean {
    const invoice = this.invoices[index]!;
    if (invoice.status !== 'OPEN' || amount > this.due(index)) return false;
    this.#credit(index, amount);
    return true;
  }

  /** A part of the payment of a paid invoice goes back, and the invoice is lowered by as much. */
  refund(index: number, amount: bigint): boolean {
    const payment = this.payments[index]!;
    const invoice = this.invoices[payment.invoice]!;
    const rest = payment.captured - payment.refunded - payment.pending;
    if (amount > rest || amount > invoice.total - invoice.credited || invoice.status !== 'PAID') return false;
    this.#credit(payment.invoice, amount);
    this.#giveBack(index, amount);
    return true;
  }

  hearOfRefund(index: number, succeeded: boolean): void {
    const refund = this.refunds[index]!;
    if (refund.status === 'PROCESSING') this.#endRefund(refund, succeeded);
  }

  grant(account: number, amount: bigint): void {
    this.gifts.push({ account, amount, reversed: false });
    this.balances[account]! += amount;
    this.#book('6300', amount, '2100', amount);
  }

  /** A gift is taken back once, and only while the balance holds it. */
  reverse(index: number): boolean {
    const gift = this.gifts[index]!;
    if (gift.reversed || this.balances[gift.account]! < gift.amount) return false;
    gift.reversed = true;
    this.balances[gift.account]! -= gift.amount;
    this.#book('2100', gift.amount, '6300', gift.amount);
    return true;
  }

  /** The largest amount that is allowed; not above zero where none is. */
  most(what: 'payFromBalance' | 'payWithCard' | 'credit' | 'refund', index: number): bigint {
    if (what === 'refund') {
      const { captured, refunded, pending, invoice } = this.payments[index]!;
      const { total, credited } = this.invoices[invoice]!;
      return smaller(captured - refunded - pending, total - credited);
    }
    if (what === 'credit') return this.due(index);
    const collectible = this.#collectible(index);
    return what === 'payWithCard' ? collectible : smaller(collectible, this.balances[this.invoices[index]!.account]!);
  }

  due(index: number): bigint {
    const { status, total, credited, paid, refunded } = this.invoices[index]!;
    const due = total - credited - (paid - refunded);
    return status === 'OPEN' && due > 0n ? due : 0n;
  }

  #collectible(index: number): bigint {
    const underWay = this.payments.filter(
      ({ invoice, state }) => invoice === index && (state === 'PROCESSING' || state === 'AUTHORIZED'),
    );
    return underWay.reduce((open, { amount }) => open - amount, this.due(index));
  }

  #pay(invoice: number, state: ModelPayment['state'], amount: bigint, fromBalance: boolean): ModelPayment {
    const payment = { invoice, state, amount, captured: 0n, refunded: 0n, pending: 0n, fromBalance, sent: false };
    this.payments.push(payment);
    return payment;
  }

  #receive(index: number, amount: bigint): void {
    this.invoices[index]!.paid += amount;
    this.#close(index);
  }

  #credit(index: number, amount: bigint): void {
    if (amount === 0n) return;
    const invoice = this.invoices[index]!;
    invoice.credited += amount;
    const tax = halfEven(invoice.tax * amount, invoice.total);
    this.#book('4100', amount - tax, '1200', amount, '2200', -tax);
    this.#close(index);
  }

  #close(index: number): void {
    if (this.invoices[index]!.status === 'OPEN' && this.due(index) === 0n) this.invoices[index]!.status = 'PAID';
  }

  #giveBack(index: number, amount: bigint): void {
    const payment = this.payments[index]!;
    payment.pending += amount;
    const refund: ModelRefund = { payment: index, status: 'PROCESSING', amount };
    this.refunds.push(refund);
    if (payment.fromBalance) this.#endRefund(refund, true);
  }

  #endRefund(refund: ModelRefund, succeeded: boolean): void {
    const payment = this.payments[refund.payment]!;
    const invoice = this.invoices[payment.invoice]!;
    refund.status = succeeded ? 'SUCCEEDED' : 'FAILED';
    payment.pending -= refund.amount;
    if (!succeeded) return;
    payment.refunded += refund.amount;
    invoice.refunded += refund.amount;
    this.#close(payment.invoice);
    if (payment.fromBalance) this.balances[invoice.account]! += refund.amount;
    this.#book('1200', refund.amount, payment.fromBalance ? '2100' : '1100', refund.amount);
  }

  /** A debit, a credit, and a second credit that may be negative. */
  #book(
    debit: LedgerAccount,
    debited: bigint,
    credit: LedgerAccount,
    credited: bigint,
    also?: LedgerAccount,
    rest = 0n,
  ): void {
    this.#add(debit, debited);
    this.#add(credit, -credited);
    if (also) this.#add(also, -rest);
  }

  #add(account: LedgerAccount, amount: bigint): void {
    this.ledger.set(account, (this.ledger.get(account) ?? 0n) + amount);
  }
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const down = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  if (twice < denominator || (twice === denominator && down % 2n === 0n)) return down;
  return down + 1n;
}
