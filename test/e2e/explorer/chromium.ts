import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The system's own Chromium, without a window and without a way to any host but this one. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--disable-dev-shm-usage', // containers have little of it
      // Chromium's own sandbox does not work for root; the pages are our own.
      ...(userInfo().uid === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

function findChromium(): string {
  const found = PATHS.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined)
    throw new Error('There is no Chromium: install it, on Debian with "apt-get install chromium".');
  return found;
}
