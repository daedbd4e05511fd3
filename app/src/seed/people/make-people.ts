import { DAY } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import { demoFacts, personas } from '../personas.ts';
import { createRandom } from '../random.ts';
import type { SeedSize } from '../sizes.ts';
import { HISTORY_DAYS, timeInHistory } from '../time.ts';
import { COUNTRIES } from '../words/people.ts';
import type { People, Person } from './company-state.ts';
import { makeOrganizations } from './make-organizations.ts';
import { createPersonFactory } from './make-person.ts';

const FIRST_ACCOUNTS_DAYS = 900;

/** Makes everybody: staff, personas, organizations with their members, and the customers of the shop. */
export function makePeople(size: SeedSize, reference: number, add: AddRow): People {
  const random = createRandom('people');
  const factory = createPersonFactory({ random, reference, add });
  const germany = COUNTRIES.find(({ code }) => code === 'DE')!;
  const longAgo = () =>
    reference - random.integer(HISTORY_DAYS + 10, FIRST_ACCOUNTS_DAYS) * DAY - random.integer(0, DAY - 1);
  const founded = reference - (FIRST_ACCOUNTS_DAYS + 2) * DAY;

  const admin = factory.makeStaff({
    role: 'ADMIN',
    createdAt: founded,
    persona: personas.admin,
    grantedBy: null,
    country: germany,
  });
  const staff = (role: 'SUPPORT' | 'FINANCE' | 'ADMIN', persona?: { subject: string; displayName: string }) =>
    factory.makeStaff({ role, createdAt: longAgo(), grantedBy: admin, country: germany, ...(persona && { persona }) });
  const supportStaff = [staff('SUPPORT', personas.support), staff('SUPPORT'), staff('SUPPORT')];
  staff('FINANCE', personas.finance);
  staff('FINANCE');
  staff('ADMIN');

  const customer = factory.makePerson({
    createdAt: longAgo(),
    persona: personas.customer,
    country: germany,
    method: 'CARD',
  });
  const stranger = factory.makePerson({
    createdAt: longAgo(),
    country: germany,
    method: 'CARD',
    customerNumber: demoFacts.strangerCustomerNumber,
    complete: true,
  });
  const singles = demoFacts.singleOrderCustomerNumbers.map((customerNumber) =>
    factory.makePerson({ createdAt: longAgo(), customerNumber }),
  );
  const erased = times(Math.max(2, Math.floor(size.users / 200)), () =>
    factory.makePerson({ createdAt: longAgo(), status: 'ERASED' }),
  );
  times(Math.max(3, Math.floor(size.users / 100)), () =>
    factory.makePerson({ createdAt: reference - random.integer(1, 60) * DAY, status: 'INVITED' }),
  );
  const collectors = times(Math.max(1, Math.floor(size.users / 100)), (index) =>
    factory.makePerson({
      createdAt: longAgo(),
      ...(index === 0 && { customerNumber: demoFacts.collectorCustomerNumber, country: germany }),
    }),
  );
  const { buyers, partners } = makeOrganizations({ size, random, reference, add, factory, longAgo });
  const shoppers = makeShoppers(size.users - factory.count());

  return {
    customer,
    stranger,
    erased,
    singles,
    collectors,
    shoppers,
    supportStaff,
    buyers,
    partners,
    accounts: factory.accounts,
  };

  function makeShoppers(count: number): Person[] {
    const before = Math.ceil(count / 2);
    const old = times(before, longAgo).sort((left, right) => left - right);
    return times(count, (index) =>
      factory.makePerson({
        createdAt: index < before ? old[index]! : timeInHistory(reference, (index - before) / (count - before)) - DAY,
        status: random.chance(0.01) ? 'SUSPENDED' : 'ACTIVE',
      }),
    );
  }
}

/** The shoppers whose account is older than a position in the history. */
export function shoppersAt(shoppers: readonly Person[], position: number): number {
  const before = Math.ceil(shoppers.length / 2);
  return before + Math.floor((shoppers.length - before) * position);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
