import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The tables of settings in the documentation: names in back quotes in the first column, defaults in the second.

export interface DocumentedSettings {
  /** Every name, in the order of the table. */
  names: readonly string[];
  /** Those whose default is written as a value, one for each name of its row. What holds in production only is left out. */
  defaults: Readonly<Record<string, string>>;
}

export function readSettingsTable(file: string, heading: string): DocumentedSettings {
  const text = readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');
  const section = text.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const defaults: Record<string, string> = {};
  const names = rows.flatMap((row) => {
    const [, first, second] = row.split('|');
    const inRow = [...first!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name!);
    const values = second!.replace(/\([^)]*\)/g, '').split(',').map((each) => /^`([^`]+)`$/.exec(each.trim())?.[1]); // prettier-ignore
    if (values.length === inRow.length)
      for (const [i, name] of inRow.entries()) if (values[i] !== undefined) defaults[name] = values[i];
    return inRow;
  });
  return { names, defaults };
}

/** Names of the variables that `read` asks an environment for. */
export function settingsAsked(
  read: (environment: Record<string, string | undefined>) => object,
  environment: Record<string, string> = {},
): string[] {
  const asked = new Set<string>();
  read(
    new Proxy(environment, {
      get(target, name: string) {
        asked.add(name);
        return target[name];
      },
    }),
  );
  return [...asked];
}
