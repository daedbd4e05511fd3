import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

import { anyArm, columnsOf } from '@tributary/kit';
import type { RequestReader, Transaction } from '@tributary/kit';

import { paymentMethodEntity } from './payment-method.entity.ts';
import type { OwnedPaymentMethod } from './payment-method.ts';

/** Methods the caller may see; others are left out. */
export interface PaymentMethodRepository {
  findByIds(ids: readonly string[]): Promise<OwnedPaymentMethod[]>;
  /** In the order they were saved. */
  findByAccounts(accountIds: readonly string[]): Promise<OwnedPaymentMethod[]>;
}

const columns = sql`${columnsOf(paymentMethodEntity, 'm')}, a.owner_type AS "ownerType", a.owner_id AS "ownerId"`;
const methodsWithAccount = sql`billing.payment_methods m JOIN billing.billing_accounts a ON a.id = m.account_id`;

/** `arms` tell of which accounts, named `a`, the caller sees the methods. */
export function createPaymentMethodRepository(db: RequestReader, arms: readonly Sql[]): PaymentMethodRepository {
  const visible = anyArm(arms);
  return {
    findByIds: (ids) =>
      db.query(sql`SELECT ${columns} FROM ${methodsWithAccount} WHERE m.id = ANY(${ids}::uuid[]) AND ${visible}`),
    findByAccounts: (accountIds) =>
      db.query(sql`SELECT ${columns} FROM ${methodsWithAccount}
        WHERE m.account_id = ANY(${accountIds}::uuid[]) AND ${visible} ORDER BY m.created_at, m.id`),
  };
}

/** A method to pay with, which cannot be removed until the end of the transaction. */
export interface ChosenMethod extends Pick<OwnedPaymentMethod, 'id' | 'accountId' | 'type'> {
  provider: string;
}

export async function chooseMethod(tx: Transaction, id: string, accounts: Sql): Promise<ChosenMethod | null> {
  const [method] = await tx.query<ChosenMethod>(
    sql`SELECT m.id, m.account_id AS "accountId", m.type, m.provider FROM ${methodsWithAccount}
      WHERE m.id = ${id}::uuid AND ${accounts} FOR SHARE OF m`,
  );
  return method ?? null;
}
