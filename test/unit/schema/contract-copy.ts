import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { contractDirectory } from '@tributary/schema/files';
import { runCompose } from '@tributary/schema/run-compose';

// The committed contract in a folder of its own, to be spoilt.

export interface ContractCopy extends Disposable {
  /** Throws when the file does not hold the text, so that no test passes because the contract moved on. */
  replace(file: string, text: string, replacement: string): void;
  write(file: string, text: string): void;
  remove(file: string): void;
  compose(options?: { readonly check: boolean }): { readonly exitCode: number; readonly printed: readonly string[] };
  generated(): Readonly<Record<string, string>>;
}

export function copyContract(): ContractCopy {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-schema-'));
  for (const entry of ['users.graphql', 'orders.graphql', 'billing.graphql', 'supergraph.yaml', 'generated']) {
    cpSync(join(contractDirectory, entry), join(directory, entry), { recursive: true });
  }
  return {
    replace(file, text, replacement) {
      const before = readFileSync(join(directory, file), 'utf8');
      if (!before.includes(text)) throw new Error(`${file} does not hold ${JSON.stringify(text)}.`);
      writeFileSync(join(directory, file), before.replace(text, replacement));
    },
    write: (file, text) => writeFileSync(join(directory, file), text),
    remove: (file) => rmSync(join(directory, file), { recursive: true }),
    compose({ check } = { check: false }) {
      const printed: string[] = [];
      const exitCode = runCompose({ directory, check, print: (line) => printed.push(line) });
      return { exitCode, printed };
    },
    generated() {
      const folder = join(directory, 'generated');
      return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}
