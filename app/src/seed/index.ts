export { DEVELOPMENT_ISSUER, demoFacts, personas } from './personas.ts';
export type { ClientPersona, PersonaName, PersonPersona } from './personas.ts';
export { createProgressPrinter } from './progress.ts';
export { seed } from './seed.ts';
export type { SeedOptions, SeedProgress } from './seed.ts';
export { SEED_SIZES } from './sizes.ts';
export type { SeedSizeName } from './sizes.ts';
