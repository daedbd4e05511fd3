export interface SeedSize {
  users: number;
  /** Buying organizations and partners together. */
  organizations: number;
  products: number;
  orders: number;
}

/** `demo` is a company to look at; the others have its proportions and are for measuring. */
export const SEED_SIZES = {
  demo: { users: 160, organizations: 12, products: 48, orders: 2_000 },
  medium: { users: 1_000, organizations: 40, products: 200, orders: 20_000 },
  large: { users: 50_000, organizations: 2_000, products: 2_000, orders: 1_000_000 },
} as const satisfies Record<string, SeedSize>;

export type SeedSizeName = keyof typeof SEED_SIZES;
