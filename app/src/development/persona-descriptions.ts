import type { PersonaName } from '../seed/personas.ts';

/** What each persona is good for, as `GET /dev/personas` tells it. */
export const descriptions: Readonly<Record<PersonaName, string>> = {
  customer: 'Buys for herself: orders, invoices, a balance in EUR.',
  buyer: 'Owns a buying organization: its members, its orders on account, its invoices.',
  support: 'Works in support: finds every customer and order, reads support notes.',
  finance: 'Works in finance: reads every invoice and payment.',
  admin: 'Administers: people, organizations, API clients; no money.',
  partner: 'An API client of a partner organization: the orders that partner placed.',
};
