// Rates of the countries the shop ships to. The shop is registered in Germany.

export interface TaxRate {
  title: string;
  /** Decimal fraction as text, for example 0.19. */
  rate: string;
  numerator: bigint;
  denominator: bigint;
  jurisdiction: string;
}

export type TaxCategory = 'STANDARD' | 'REDUCED';

const taxRate = (title: string, rate: string, jurisdiction: string): TaxRate => {
  const [whole, digits = ''] = rate.split('.');
  return {
    title,
    rate,
    jurisdiction,
    numerator: BigInt(`${whole}${digits}`),
    denominator: 10n ** BigInt(digits.length),
  };
};

const vat = (country: string, standard: string, reduced: string, title = 'VAT') => ({
  STANDARD: [taxRate(title, standard, country)],
  REDUCED: [taxRate(title, reduced, country)],
});

const RATES: Readonly<Record<string, Readonly<Record<TaxCategory, readonly TaxRate[]>>>> = {
  DE: vat('DE', '0.19', '0.07'),
  FR: vat('FR', '0.2', '0.055'),
  IT: vat('IT', '0.22', '0.1'),
  ES: vat('ES', '0.21', '0.1'),
  NL: vat('NL', '0.21', '0.09'),
  GB: vat('GB', '0.2', '0.05'),
  US: vat('US', '0.0725', '0', 'Sales tax'),
  JP: vat('JP', '0.1', '0.08', 'Consumption tax'),
  CA: {
    STANDARD: [taxRate('GST', '0.05', 'CA'), taxRate('QST', '0.09975', 'CA')],
    REDUCED: [taxRate('GST zero-rated', '0', 'CA')],
  },
};

const REVERSE_CHARGE: Readonly<Record<string, readonly TaxRate[]>> = Object.fromEntries(
  ['FR', 'IT', 'ES', 'NL'].map((country) => [country, [taxRate('VAT reverse charge', '0', country)]]),
);

/** Taxes on one line. Companies elsewhere in the European Union pay theirs at home. */
export function taxRatesFor(country: string, category: TaxCategory, business: boolean): readonly TaxRate[] {
  return (business ? REVERSE_CHARGE[country] : undefined) ?? RATES[country]![category];
}
