import sql from 'sql-template-tag';

import { anyArm, columnsOf, visibleArms } from '@tributary/kit';
import type { RequestContext, Transaction } from '@tributary/kit';

import { changeablePeople } from '../user/user.access.ts';
import { addressEntity } from './address.entity.ts';
import type { AddressBookEntry } from './address.ts';
import { addressVisibility } from './address.visibility.ts';

export interface AddressRepository {
  /** The addresses among `ids` that the caller may see, in no particular order. */
  findByIds(ids: readonly string[]): Promise<AddressBookEntry[]>;
  /** The addresses of people that the caller may see, each person's in the order they were saved. */
  findByUserIds(userIds: readonly string[]): Promise<AddressBookEntry[]>;
}

/** Addresses within one transaction, which has locked the person before it changes any. */
export interface AddressStore {
  /** The address, if the caller may change it. */
  find(id: string): Promise<AddressBookEntry | null>;
  findByUser(userId: string): Promise<AddressBookEntry[]>;
  add(address: Omit<AddressBookEntry, 'createdAt' | 'updatedAt' | 'version'>): Promise<AddressBookEntry>;
  store(address: AddressBookEntry): Promise<AddressBookEntry>;
  /** Takes the preference from the person's default address. */
  clearDefault(userId: string): Promise<void>;
  remove(id: string): Promise<void>;
}

const columns = columnsOf(addressEntity, 'a');

export function createAddressRepository(context: RequestContext): AddressRepository {
  const visible = () => anyArm(visibleArms(context, () => addressVisibility(context.principal)));
  return {
    findByIds(ids) {
      return context.db.query<AddressBookEntry>(
        sql`SELECT ${columns} FROM users.addresses a WHERE a.id = ANY(${ids}::uuid[]) AND ${visible()}`,
      );
    },
    findByUserIds(userIds) {
      return context.db.query<AddressBookEntry>(
        sql`SELECT ${columns} FROM users.addresses a
          WHERE a.user_id = ANY(${userIds}::uuid[]) AND ${visible()} ORDER BY a.created_at, a.id`,
      );
    },
  };
}

export function createAddressStore(tx: Transaction, context: RequestContext): AddressStore {
  return {
    async find(id) {
      const changeable = anyArm(visibleArms(context, () => changeablePeople(context.principal, sql`a.user_id`)));
      const [address] = await tx.query<AddressBookEntry>(
        sql`SELECT ${columns} FROM users.addresses a WHERE a.id = ${id}::uuid AND ${changeable}`,
      );
      return address ?? null;
    },
    findByUser(userId) {
      return tx.query<AddressBookEntry>(
        sql`SELECT ${columns} FROM users.addresses a WHERE a.user_id = ${userId}::uuid`,
      );
    },
    async add({ id, userId, label, isDefault, recipient, line1, line2, city, region, postalCode, country }) {
      const [address] = await tx.query<AddressBookEntry>(
        sql`INSERT INTO users.addresses AS a
            (id, user_id, label, is_default, recipient, line1, line2, city, region, postal_code, country)
          VALUES (${id}::uuid, ${userId}::uuid, ${label}, ${isDefault}, ${recipient}, ${line1}, ${line2}, ${city}, ${region},
            ${postalCode}, ${country})
          RETURNING ${columns}`,
      );
      return address!;
    },
    async store({ id, label, isDefault, recipient, line1, line2, city, region, postalCode, country }) {
      const [address] = await tx.query<AddressBookEntry>(
        sql`UPDATE users.addresses a SET label = ${label}, is_default = ${isDefault}, recipient = ${recipient},
            line1 = ${line1}, line2 = ${line2}, city = ${city}, region = ${region}, postal_code = ${postalCode},
            country = ${country}, version = a.version + 1, updated_at = now()
          WHERE a.id = ${id}::uuid RETURNING ${columns}`,
      );
      return address!;
    },
    async clearDefault(userId) {
      await tx.query(
        sql`UPDATE users.addresses a SET is_default = false, version = a.version + 1, updated_at = now()
          WHERE a.user_id = ${userId}::uuid AND a.is_default`,
      );
    },
    async remove(id) {
      await tx.query(sql`DELETE FROM users.addresses a WHERE a.id = ${id}::uuid`);
    },
  };
}
