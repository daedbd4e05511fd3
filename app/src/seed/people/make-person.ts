import { DAY, HOUR } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import { DEVELOPMENT_ISSUER } from '../personas.ts';
import type { Random } from '../random.ts';
import { instant } from '../time.ts';
import { COUNTRY_WEIGHTS } from '../words/people.ts';
import type { Country } from '../words/people.ts';
import { SUPPORT_NOTES } from '../words/texts.ts';
import { createAddressBooks, makeAddress } from './address-book.ts';
import type { Account, PaymentMethod, Person } from './company-state.ts';

type UserStatus = 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'ERASED';

interface Persona {
  subject: string;
  displayName: string;
}

export interface PersonOptions {
  createdAt: number;
  persona?: Persona;
  country?: Country;
  method?: PaymentMethod;
  status?: UserStatus;
  customerNumber?: string;
  /** Fill every field that may be empty. */
  complete?: boolean;
}

export interface StaffOptions {
  role: 'SUPPORT' | 'FINANCE' | 'ADMIN';
  createdAt: number;
  persona?: Persona;
  country: Country;
  grantedBy: string | null;
}

export interface PersonFactory {
  makePerson(options: PersonOptions): Person;
  /** Returns the id. */
  makeStaff(options: StaffOptions): string;
  makeAccount(ownerType: Account['ownerType'], ownerId: string, options: AccountOptions): Account;
  /** A postal address as a JSON document. */
  makeAddress(recipient: string, country: Country): string;
  /** People made so far. */
  count(): number;
  readonly accounts: readonly Account[];
}

export interface AccountOptions {
  currency: string;
  termDays: number;
  method: PaymentMethod;
  createdAt: number;
}

interface PersonFactoryDeps {
  random: Random;
  reference: number;
  add: AddRow;
}

export function createPersonFactory({ random, reference, add }: PersonFactoryDeps): PersonFactory {
  const accounts: Account[] = [];
  const addressBooks = createAddressBooks({ reference, add });
  const namesakes = new Map<string, number>();
  let count = 0;

  const makeAccount = (ownerType: Account['ownerType'], ownerId: string, options: AccountOptions) => {
    const account: Account = {
      ...options,
      id: random.uuid(options.createdAt + 1_000),
      ownerType,
      ownerId,
      updatedAt: options.createdAt,
      openMinor: 0n,
      availableMinor: 0n,
    };
    accounts.push(account);
    return account;
  };

  // One address per person; namesakes get a number.
  const emailOf = (displayName: string) => {
    const plain = displayName
      .normalize('NFD')
      .replace(/ß/g, 'ss')
      .replace(/[^A-Za-z -]/g, '')
      .toLowerCase()
      .replace(/ +/g, '.');
    const seen = namesakes.get(plain) ?? 0;
    namesakes.set(plain, seen + 1);
    return `${plain}${seen === 0 ? '' : seen + 1}@example.${['com', 'org', 'net'][plain.length % 3]!}`;
  };

  const addUser = (id: string, displayName: string, country: Country, options: PersonOptions & { staff: boolean }) => {
    const { createdAt, persona, status = 'ACTIVE', complete = false, staff } = options;
    const erased = status === 'ERASED';
    const invited = status === 'INVITED';
    const known = !erased && !invited;
    // Drawn for everybody, so that a different state of one person does not change the next.
    const hasPhone = random.chance(0.6);
    const hasNote = random.chance(0.06);
    const migrated = random.chance(0.4);
    const hasMfa = random.chance(0.3);
    const digits = String(random.integer(0, 999)).padStart(3, '0');
    const note = random.pick(SUPPORT_NOTES);
    const signedIn = reference - random.integer(1, 40 * 24) * HOUR;
    const erasedAt = erased ? reference - random.integer(5, 100) * DAY : null;
    const changed = erasedAt ?? createdAt + random.integer(0, 20) * HOUR;
    const version = erased ? 3 : 1;
    add('users.users', {
      id,
      email: erased ? null : emailOf(displayName),
      email_verified: known && !(status === 'SUSPENDED'),
      display_name: erased ? 'Erased user' : displayName,
      phone: known && (complete || hasPhone) && !staff ? country.phone(digits) : null,
      locale: country.locale,
      status,
      oidc_issuer: known ? DEVELOPMENT_ISSUER : null,
      oidc_subject: known ? (persona?.subject ?? `user-${String(count).padStart(5, '0')}`) : null,
      support_notes: known && (complete || (hasNote && !persona && !staff)) ? note : null,
      legacy_customer_number: options.customerNumber ?? (migrated && known && !staff ? `K-${300_000 + count}` : null),
      mfa_enabled: staff || (hasMfa && known),
      last_sign_in_at: known ? instant(Math.max(signedIn, createdAt)) : null,
      erased_at: erasedAt === null ? null : instant(erasedAt),
      created_at: instant(createdAt),
      updated_at: instant(Math.min(changed, reference)),
      version,
    });
    add('orders.user_copies', { id, status, version });
    count += 1;
  };

  const addRole = (userId: string, role: string, createdAt: number, grantedBy: string | null) => {
    const time = instant(createdAt);
    add('users.user_roles', { user_id: userId, role, granted_by: grantedBy, created_at: time, updated_at: time });
  };

  return {
    accounts,
    makeAddress: (recipient, country) => JSON.stringify(makeAddress(random, recipient, country)),
    makeAccount,
    count: () => count,
    makePerson(options) {
      const country = options.country ?? random.pickWeighted(COUNTRY_WEIGHTS);
      const invented = `${random.pick(country.firstNames)} ${random.pick(country.lastNames)}`;
      const displayName = options.persona?.displayName ?? invented;
      const method =
        options.method ??
        random.pickWeighted<PaymentMethod>([['CARD', 70], ['DIRECT_DEBIT', 14], ['BANK_TRANSFER', 16]]); // prettier-ignore
      const id = random.uuid(options.createdAt);
      addUser(id, displayName, country, { ...options, staff: false });
      addRole(id, 'CUSTOMER', options.createdAt, null);
      const home = makeAddress(random, displayName, country);
      const { createdAt, status = 'ACTIVE', persona, complete = false } = options;
      if (status === 'ACTIVE' || status === 'SUSPENDED')
        addressBooks.fill({ id, displayName, country, createdAt, home, complete: complete || persona !== undefined });
      return {
        id,
        displayName,
        country,
        method,
        address: JSON.stringify(home),
        erased: options.status === 'ERASED',
        account: makeAccount('USER', id, {
          currency: country.currency,
          termDays: method === 'BANK_TRANSFER' ? 14 : 7,
          method: options.status === 'ERASED' ? 'BANK_TRANSFER' : method,
          createdAt: options.createdAt,
        }),
      };
    },
    makeStaff({ role, createdAt, persona, country, grantedBy }) {
      const displayName =
        persona?.displayName ?? `${random.pick(country.firstNames)} ${random.pick(country.lastNames)}`;
      const id = random.uuid(createdAt);
      addUser(id, displayName, country, { createdAt, staff: true, ...(persona && { persona }) });
      addRole(id, role, createdAt, grantedBy);
      return id;
    },
  };
}
