export { startAllInOne } from './all-in-one.ts';
export type { AllInOne, AllInOneDependencies } from './all-in-one.ts';
export { readAppConfig, SUBGRAPHS } from './config.ts';
export type { AppConfig, SeedChoice, SubgraphName } from './config.ts';
export { prepareDatabase } from './database.ts';
export type { PreparedDatabase } from './database.ts';
