import { HOUR } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { instant } from '../time.ts';
import type { Country } from '../words/people.ts';

/** A postal address as it goes into documents. */
export interface SeedAddress {
  recipient: string;
  line1: string;
  city: string;
  region?: string;
  postalCode: string;
  country: string;
}

export interface AddressBookOwner {
  id: string;
  displayName: string;
  country: Country;
  createdAt: number;
  /** Where they live; the default of their address book. */
  home: SeedAddress;
  /** Has more than one address, come what may. */
  complete: boolean;
}

export function makeAddress(random: Random, recipient: string, country: Country): SeedAddress {
  const [city, region, postalCode] = random.pick(country.cities);
  const line1 = country.line1(random.pick(country.streets), random.integer(1, 180));
  return { recipient, line1, city, ...(region && { region }), postalCode, country: country.code };
}

/** Fills address books, from a stream of its own. Most people have saved where they live, few a second address. */
export function createAddressBooks({ reference, add }: { reference: number; add: AddRow }) {
  const random = createRandom('addresses');

  const addEntry = (owner: AddressBookOwner, label: string, isDefault: boolean, address: SeedAddress, at: number) => {
    const { recipient, line1, city, region = null, postalCode, country } = address;
    const time = instant(Math.min(at, reference));
    add('users.addresses', {
      id: random.uuid(at),
      user_id: owner.id,
      label,
      is_default: isDefault,
      recipient,
      line1,
      line2: null,
      city,
      region,
      postal_code: postalCode,
      country,
      created_at: time,
      updated_at: time,
      version: 1,
    });
  };

  return {
    fill(owner: AddressBookOwner): void {
      const { displayName, country, createdAt, home, complete } = owner;
      if (!complete && !random.chance(0.75)) return;
      addEntry(owner, 'Home', true, home, createdAt + random.integer(0, 20) * HOUR);
      if (!complete && !random.chance(0.15)) return;
      const office = makeAddress(random, displayName, country);
      addEntry(owner, 'Office', false, office, createdAt + random.integer(21, 40) * HOUR);
    },
  };
}
