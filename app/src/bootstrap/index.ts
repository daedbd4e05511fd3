export { bootstrapDatabase } from './bootstrap.ts';
export type { Bootstrapped, BootstrapOptions, SubgraphSchema } from './bootstrap.ts';
export { BootstrapError } from './errors.ts';
export { appRole, ownerRole } from './roles-and-schemas.ts';
