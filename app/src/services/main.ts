import { runApp } from '../run-app.ts';
import { readServicesConfig } from './config.ts';

// The supervisor of the services mode.

await runApp(
  () => readServicesConfig(),
  async () => (await import('./start-services.ts')).startServices,
);
