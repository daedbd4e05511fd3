import type { Browser, BrowserContextOptions, Locator, Page, Response } from 'playwright-core';

// The explorer as a person sees it: every control is found by its role and its name.

export interface ExplorerPage extends AsyncDisposable {
  readonly page: Page;
  /** Whatever a clean page does not do: write to the console, throw, ask another origin, leave requests unanswered. */
  readonly complaints: string[];
  /** Who the page says one is. */
  readonly who: Locator;
  /** What is said below an answer. */
  readonly answered: Locator;
  choosePersona(name: string): Promise<void>;
  openExample(name: string): Promise<void>;
  /** Runs what is in the editor and returns the answer, as the server gave it. */
  run(): Promise<GraphQLAnswer>;
  /** What the answer's editor shows, as far as it is in sight; lines, which it also breaks where they are long, are joined. */
  shownAnswer(): Promise<string>;
}

export interface GraphQLAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

export async function openExplorer(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<ExplorerPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const isOwn = (address: string) => new URL(address).origin === url || /^(data|blob):/.test(address);
  page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  // Asked and then refused: the attempt itself is a complaint.
  await context.route(
    (address) => !isOwn(address.href),
    (route) => {
      complaints.push(`request to another origin: ${route.request().url()}`);
      return route.abort();
    },
  );
  context.on('requestfailed', (request) => complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  context.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });

  const responses = new Map<string, Response>();
  context.on('response', (response) => responses.set(response.headers()['x-request-id']!, response));
  // The page asks on its own behalf too; the answer that is shown is the one whose request it names.
  const requestId = page.getByRole('status', { name: 'Answer' }).getByRole('code');

  const execute = page.getByRole('button', { name: /^Execute query/ });
  await page.goto(url);
  await execute.waitFor();
  // The editors come a little later than the buttons around them.
  for (const editor of ['.graphiql-query-editor', '.graphiql-response'])
    await page.locator(`${editor} .monaco-editor`).first().waitFor();

  return {
    page,
    complaints,
    who: page.getByRole('status', { name: 'Caller' }),
    answered: page.getByRole('status', { name: 'Answer' }),
    async choosePersona(name) {
      await page
        .getByRole('group', { name: 'Ask as' })
        .getByRole('radio', { name: new RegExp(`^${name}`) })
        .check();
    },
    async openExample(name) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('tab', { name, selected: true }).waitFor();
    },
    async run() {
      const before = (await requestId.count()) > 0 ? await requestId.innerText() : undefined;
      await execute.click();
      await requestId.filter(before === undefined ? {} : { hasNotText: before }).waitFor();
      const response = responses.get(await requestId.innerText())!;
      await page.locator('.graphiql-response .view-lines', { hasText: '{' }).waitFor();
      return (await response.json()) as GraphQLAnswer;
    },
    async shownAnswer() {
      const text = await page.locator('.graphiql-response .view-lines').innerText();
      return text.replaceAll(/\s+/g, ' ');
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
