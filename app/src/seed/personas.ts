// The people and the API client that the development issuer can sign in as, under the names by which the users subgraph finds
// them. Each is an ordinary row; what it may do follows from its roles and memberships alone.

/** Issuer of development tokens. The top-level domain is reserved: nobody can ever serve it. */
export const DEVELOPMENT_ISSUER = 'https://dev.tributary.invalid';

export interface PersonPersona {
  type: 'user';
  subject: string;
  displayName: string;
}

export interface ClientPersona {
  type: 'client';
  clientId: string;
  displayName: string;
  scopes: readonly string[];
}

export const personas = {
  customer: { type: 'user', subject: 'customer', displayName: 'Mara Lindner' },
  buyer: { type: 'user', subject: 'buyer', displayName: 'Jonas Petersen' },
  support: { type: 'user', subject: 'support', displayName: 'Ines Carvalho' },
  finance: { type: 'user', subject: 'finance', displayName: 'Pierre Lambert' },
  admin: { type: 'user', subject: 'admin', displayName: 'Ruth Keller' },
  partner: {
    type: 'client',
    clientId: 'demo-partner',
    displayName: 'Kanalwerk shop connector',
    scopes: ['orders:read', 'orders:write', 'billing:read', 'billing:pay', 'payouts:read', 'webhooks:write'],
  },
} as const satisfies Record<string, PersonPersona | ClientPersona>;

export type PersonaName = keyof typeof personas;

/** Names of rows that every seed holds besides the personas, to look things up by. Ids differ from day to day. */
export const demoFacts = {
  /** Buying organization of the persona `buyer`: tax id, legal name, members in every role, orders on account. */
  buyingOrganization: 'Nordlicht Handel',
  /** Organization of the API client `demo-partner`. */
  partnerOrganization: 'Kanalwerk',
  /** A person nobody signs in as: phone, support notes, orders with risk score, address, shipments, invoices and a return. */
  strangerCustomerNumber: 'K-104711',
  /** A person with hundreds of orders, to page through. */
  collectorCustomerNumber: 'K-100001',
  /** People with exactly one order have customer numbers from here on. */
  singleOrderCustomerNumbers: ['K-200001', 'K-200002', 'K-200003', 'K-200004', 'K-200005', 'K-200006'],
} as const;
