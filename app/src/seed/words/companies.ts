// Parts of company names. `legalForm` and `taxId` follow the habits of the country; the digits mean nothing.

export const COMPANY_STEMS: readonly string[] =
  'Alder, Bergmann, Castor, Delfin, Elster, Falken, Garrick, Halden, Isola, Juniper, Kestrel, Larsen, Meridian, Novak, Ostwind, Pallas, Quartz, Rowan, Solent, Tamarind, Ulmen, Vantage, Willow, Xenia, Yarrow, Zephyr, Arbor, Brisa, Cobalt, Dovetail, Ember, Foxglove, Granite, Harbor, Indigo, Jasper, Keystone, Linden, Maris, Nimbus'.split(
    ', ',
  );

export const COMPANY_TRADES: readonly string[] =
  'Interiors, Hotels, Coworking, Retail, Studios, Cafés, Events, Schools, Clinics, Architects, Publishing, Bakeries, Logistics, Theatres, Gardens, Workshops, Libraries, Outfitters, Kitchens, Apartments'.split(
    ', ',
  );

export const PARTNER_TRADES: readonly string[] =
  'Marketplace, Commerce, Connect, Trade Network, Procurement, Storefronts, Channel, Exchange'.split(', ');

interface CompanyHabits {
  legalForm: string;
  /** Tax registration number from nine digits. */
  taxId: (digits: string) => string;
}

export const COMPANY_HABITS: Readonly<Record<string, CompanyHabits>> = {
  DE: { legalForm: 'GmbH', taxId: (digits) => `DE${digits}` },
  FR: { legalForm: 'SARL', taxId: (digits) => `FR40${digits}` },
  IT: { legalForm: 'S.r.l.', taxId: (digits) => `IT${digits}01` },
  ES: { legalForm: 'S.L.', taxId: (digits) => `ESB${digits.slice(1)}` },
  NL: { legalForm: 'B.V.', taxId: (digits) => `NL${digits}B01` },
  GB: { legalForm: 'Ltd', taxId: (digits) => `GB${digits}` },
  US: { legalForm: 'Inc.', taxId: (digits) => `${digits.slice(0, 2)}-${digits.slice(2)}` },
  CA: { legalForm: 'inc.', taxId: (digits) => `${digits}RT0001` },
  JP: { legalForm: 'K.K.', taxId: (digits) => `T1${digits}001` },
};
