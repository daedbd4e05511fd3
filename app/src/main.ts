import { readAppConfig } from './config.ts';
import { runApp } from './run-app.ts';

// The all-in-one process.

await runApp(
  () => readAppConfig(),
  async () => (await import('./all-in-one.ts')).startAllInOne,
);
