import { readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';

import { findNearMisses } from './near-misses.ts';

/**
 * `readConfig` that also refuses what looks like a misspelled setting. Whatever `read` asks for is a setting; what is set and was
 * never asked for, but looks alike, is a slip of the pen.
 */
export function readStrictConfig<T extends object>(
  environment: Environment,
  read: (reader: ConfigReader) => T,
): Readonly<T> {
  const { observed, asked } = observe(environment);
  return readConfig(observed, (reader) => {
    const config = read(reader);
    const variables = Object.keys(environment).filter((name) => environment[name]);
    for (const { variable, setting } of findNearMisses(variables, [...asked]))
      reader.problem(`${variable} is not a setting. Did you mean ${setting}?`);
    return config;
  });
}

/** An environment that remembers which variables were asked for. */
export function observe(environment: Environment): { observed: Environment; asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const observed = new Proxy(environment, {
    get: (target, name: string) => {
      asked.add(name);
      return target[name];
    },
  });
  return { observed, asked };
}
