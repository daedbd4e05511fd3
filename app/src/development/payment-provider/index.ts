export type { ProviderBehavior } from './behavior.ts';
export { readDevelopmentProviderConfig, readProviderBehavior } from './config.ts';
export type { DevelopmentProviderConfig } from './config.ts';
export { migrations } from './migrations.ts';
export { createDevelopmentProvider, DEVELOPMENT_PROVIDER } from './payment-provider.ts';
export type { DevelopmentProvider, DevelopmentProviderOptions } from './payment-provider.ts';
export { startDevelopmentProvider } from './server.ts';
export type { DevelopmentProviderServer } from './server.ts';
export { testMethods } from './test-methods.ts';
