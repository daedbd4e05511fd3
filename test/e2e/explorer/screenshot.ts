import { join } from 'node:path';

import { startDemo } from './app.ts';
import { startChromium } from './chromium.ts';
import { openExplorer } from './explorer-page.ts';

// Takes the picture of the explorer that stands in the README: `npm run screenshot`.

const FILE = join(import.meta.dirname, '..', '..', '..', 'docs', 'explorer.png');

await using app = await startDemo();
await using browser = await startChromium();
await using explorer = await openExplorer(browser, app.url, { colorScheme: 'light' });
await explorer.openExample('MyOrders');
await explorer.run();
await explorer.page.getByRole('heading', { name: 'Examples' }).hover(); // away from buttons that show a tooltip
await explorer.page.evaluate('document.fonts.ready.then(() => true)');
await explorer.page.screenshot({ path: FILE, animations: 'disabled', caret: 'hide' });
process.stdout.write(`${FILE}\n`);
