// Currency that a company of a country is invoiced in unless it agrees on another one. Prices exist in few currencies; companies from
// elsewhere pay in euros.

const CURRENCIES: Readonly<Record<string, string>> = { CA: 'CAD', GB: 'GBP', JP: 'JPY', US: 'USD' };

export const currencyOfCountry = (country: string): string => CURRENCIES[country] ?? 'EUR';
