import { DAY, HOUR } from '@tributary/kit/clock';

import type { AddRow } from '../load/tables.ts';
import { demoFacts, personas } from '../personas.ts';
import type { Random } from '../random.ts';
import type { SeedSize } from '../sizes.ts';
import { addDays, instant } from '../time.ts';
import { COMPANY_HABITS, COMPANY_STEMS, COMPANY_TRADES, PARTNER_TRADES } from '../words/companies.ts';
import { COUNTRIES, COUNTRY_WEIGHTS } from '../words/people.ts';
import type { Country } from '../words/people.ts';
import type { Organization, Person } from './company-state.ts';
import type { PersonFactory } from './make-person.ts';

type Kind = 'BUYER' | 'PARTNER';
type Role = 'OWNER' | 'BILLING_MANAGER' | 'BUYER' | 'VIEWER';

// In the order in which an organization fills its seats. Everybody but a viewer may order.
const SEATS: readonly Role[] = ['OWNER', 'BUYER', 'BILLING_MANAGER', 'VIEWER', 'BUYER'];

export interface OrganizationsDeps {
  size: SeedSize;
  random: Random;
  reference: number;
  add: AddRow;
  factory: PersonFactory;
  /** A time before the first order. */
  longAgo: () => number;
}

export function makeOrganizations(deps: OrganizationsDeps): { buyers: Organization[]; partners: Organization[] } {
  const { size, random, reference, add, factory, longAgo } = deps;
  const partnerCount = Math.max(3, Math.floor(size.organizations / 20));
  const buyers: Organization[] = [];
  const partners: Organization[] = [];
  const names = new Set<string>([demoFacts.buyingOrganization, demoFacts.partnerOrganization]);
  let guest: Person | undefined;

  for (let index = 0; index < size.organizations; index += 1) {
    const kind: Kind = index < size.organizations - partnerCount ? 'BUYER' : 'PARTNER';
    const first = kind === 'BUYER' ? buyers.length === 0 : partners.length === 0;
    const country = first
      ? COUNTRIES.find(({ code }) => code === (kind === 'BUYER' ? 'DE' : 'NL'))!
      : random.pickWeighted(COUNTRY_WEIGHTS);
    const name = first
      ? kind === 'BUYER'
        ? demoFacts.buyingOrganization
        : demoFacts.partnerOrganization
      : companyName(kind);
    const organization = makeOrganization({ index, kind, first, name, country });
    (kind === 'BUYER' ? buyers : partners).push(organization);
  }
  return { buyers, partners };

  function makeOrganization(options: {
    index: number;
    kind: Kind;
    first: boolean;
    name: string;
    country: Country;
  }): Organization {
    const { index, kind, first, name, country } = options;
    const createdAt = longAgo();
    const id = random.uuid(createdAt);
    const habits = COMPANY_HABITS[country.code]!;
    const legalName = `${name} ${habits.legalForm}`;
    const time = instant(createdAt);
    add('users.organizations', {
      id,
      name,
      legal_name: legalName,
      // A few small companies have no registration.
      tax_id:
        first || !random.chance(0.05)
          ? habits.taxId(String(200_000_000 + index * 1_013 + random.integer(0, 999)))
          : null,
      kind,
      country: country.code,
      created_at: time,
      updated_at: time,
      version: 1,
    });
    const purchasers = addMembers(id, createdAt, options);
    if (kind === 'PARTNER') addClients(id, createdAt, first, name);
    return {
      id,
      name,
      country,
      address: factory.makeAddress(legalName, country),
      account: factory.makeAccount('ORGANIZATION', id, {
        currency: country.currency,
        termDays: first ? 30 : random.pick([14, 30, 30, 45]),
        method: first && kind === 'BUYER' ? 'CARD' : 'BANK_TRANSFER',
        createdAt,
      }),
      purchasers,
      referencePrefix: first ? 'KW' : 'PO',
      references: 0,
    };
  }

  function addMembers(
    organizationId: string,
    createdAt: number,
    options: { kind: Kind; first: boolean; country: Country },
  ): Person[] {
    const { kind, first, country } = options;
    const purchasers: Person[] = [];
    const seats = SEATS.slice(0, first ? SEATS.length : random.integer(2, SEATS.length));
    for (const [seat, role] of seats.entries()) {
      const isBuyerPersona = first && kind === 'BUYER' && seat === 0;
      const person = factory.makePerson({
        createdAt: createdAt - DAY,
        country,
        ...(isBuyerPersona && { persona: personas.buyer }),
      });
      addMembership(organizationId, person, role, createdAt + seat * HOUR);
      if (role !== 'VIEWER') purchasers.push(person);
    }
    // Some people work for two organizations. Their account is older than the second one only by chance; joining is later.
    if (guest && !first && random.chance(0.4))
      addMembership(organizationId, guest, 'VIEWER', addDays(reference, -random.integer(5, 400)));
    guest = first ? undefined : purchasers[1];
    return purchasers;
  }

  function addMembership(organizationId: string, person: Person, role: Role, createdAt: number): void {
    const time = instant(createdAt);
    const membership = {
      id: random.uuid(createdAt),
      organization_id: organizationId,
      user_id: person.id,
      role,
      version: 1,
    };
    add('users.memberships', { ...membership, created_at: time, updated_at: time });
    add('orders.membership_copies', membership);
  }

  function addClients(organizationId: string, createdAt: number, first: boolean, name: string): void {
    if (first) {
      addClient(organizationId, createdAt + DAY, {
        name: 'Kanalwerk pilot',
        clientId: 'kanalwerk-pilot',
        scopes: ['orders:read'],
        status: 'REVOKED',
      });
      const { clientId, displayName, scopes } = personas.partner;
      addClient(organizationId, createdAt + 30 * DAY, { name: displayName, clientId, scopes, status: 'ACTIVE' });
    } else {
      const clientId = `client-${random.uint32().toString(16).padStart(8, '0')}`;
      addClient(organizationId, createdAt + DAY, {
        name: `${name} connector`,
        clientId,
        scopes: ['orders:read', 'orders:write', 'billing:read'],
        status: 'ACTIVE',
      });
    }
  }

  function addClient(
    organizationId: string,
    createdAt: number,
    client: { name: string; clientId: string; scopes: readonly string[]; status: 'ACTIVE' | 'REVOKED' },
  ): void {
    const id = random.uuid(createdAt);
    const time = instant(createdAt);
    add('users.api_clients', {
      id,
      organization_id: organizationId,
      client_id: client.clientId,
      name: client.name,
      scopes: `{${client.scopes.join(',')}}`,
      status: client.status,
      rate_limit_points: 20_000,
      last_used_at: client.status === 'ACTIVE' ? instant(reference - random.integer(1, 300) * 60_000) : null,
      created_at: time,
      updated_at: time,
      version: 1,
    });
    // The hash of no known secret: nobody can sign in with a seeded client.
    const hash = Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
    add('users.api_client_secrets', {
      id: random.uuid(createdAt),
      client_id: id,
      hash: `sha256:${hash}`,
      hint: random.uint32().toString(16).padStart(8, '0').slice(0, 4),
      expires_at: null,
      created_at: time,
      updated_at: time,
    });
  }

  function companyName(kind: Kind): string {
    const trades = kind === 'BUYER' ? COMPANY_TRADES : PARTNER_TRADES;
    for (let attempt = 0; ; attempt += 1) {
      const base = `${random.pick(COMPANY_STEMS)} ${random.pick(trades)}`;
      // Big seeds run out of plain names.
      const name = attempt < 20 ? base : `${base} ${random.integer(2, 999)}`;
      if (names.has(name)) continue;
      names.add(name);
      return name;
    }
  }
}
