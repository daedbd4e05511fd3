import { describe, expect, test } from 'vitest';

import { ConfigError, readConfig } from '@tributary/kit/config';
import type { ConfigReader, Environment } from '@tributary/kit/config';

const problemsOf = (environment: Environment, read: (reader: ConfigReader) => object): readonly string[] => {
  try {
    readConfig(environment, read);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

const readAll = (reader: ConfigReader) => ({
  name: reader.text('NAME'),
  note: reader.optionalText('NOTE'),
  port: reader.integer('PORT', 4001, { min: 0, max: 65_535 }),
  seed: reader.flag('SEED', false),
  level: reader.oneOf('LEVEL', ['info', 'debug'], 'info'),
  database: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
  redis: reader.optionalUrl('REDIS_URL', ['redis:']),
  key: reader.secret('KEY', (text) => text.length),
});

test('settings that fit become one frozen object', () => {
  const config = readConfig(
    {
      NAME: 'orders',
      NOTE: 'hello',
      PORT: '65535',
      SEED: 'true',
      LEVEL: 'debug',
      DATABASE_URL: 'postgresql://orders_app:hunter2@db.example/main',
      REDIS_URL: 'redis://127.0.0.1:6379',
      KEY: 'four',
      UNRELATED: 'ignored',
    },
    readAll,
  );
  expect(config).toEqual({
    name: 'orders',
    note: 'hello',
    port: 65_535,
    seed: true,
    level: 'debug',
    database: 'postgresql://orders_app:hunter2@db.example/main',
    redis: 'redis://127.0.0.1:6379',
    key: 4,
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('an empty value counts as not set', () => {
  const environment = { NAME: 'x', NOTE: '', PORT: '', SEED: '', LEVEL: '', DATABASE_URL: 'postgres://h', KEY: '' };
  expect(readConfig(environment, readAll)).toEqual({
    name: 'x',
    note: undefined,
    port: 4001,
    seed: false,
    level: 'info',
    database: 'postgres://h',
    redis: undefined,
    key: undefined,
  });
  expect(problemsOf({ ...environment, NAME: '' }, readAll)).toEqual(['NAME is required.']);
});

test('one error names every problem, in one message for the operator', () => {
  const environment = { PORT: '65536', SEED: 'yes', LEVEL: 'loud', DATABASE_URL: 'mysql://h/db', REDIS_URL: 'nothing' };
  const problems = [
    'NAME is required.',
    'PORT must be a whole number from 0 to 65535, not "65536".',
    'SEED must be true or false, not "yes".',
    'LEVEL must be one of info, debug, not "loud".',
    'DATABASE_URL must be a URL that starts with postgres:// or postgresql://.',
    'REDIS_URL must be a URL that starts with redis://.',
    'NAME and NOTE exclude each other.',
  ];
  const read = (reader: ConfigReader) => {
    const settings = readAll(reader);
    reader.problem('NAME and NOTE exclude each other.');
    return settings;
  };
  expect(problemsOf(environment, read)).toEqual(problems);
  expect(() => readConfig(environment, read)).toThrow(
    `The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
});

test.each(['3', '8', '-1', '4.5', '4e0', ' 4', '0x4', 'four', '9'.repeat(400)])(
  'the integer %j is refused where 4 to 7 is asked for',
  (value) => {
    const read = (reader: ConfigReader) => ({ size: reader.integer('SIZE', 5, { min: 4, max: 7 }) });
    expect(problemsOf({ SIZE: value }, read)).toEqual([`SIZE must be a whole number from 4 to 7, not "${value}".`]);
  },
);

test.each(['4', '7', '5'])('the integer %j is taken where 4 to 7 is asked for', (value) => {
  const read = (reader: ConfigReader) => ({ size: reader.integer('SIZE', 6, { min: 4, max: 7 }) });
  expect(readConfig({ SIZE: value }, read)).toEqual({ size: Number(value) });
});

describe('values that may be secrets', () => {
  const password = 'hunter2-hunter2';

  test.each([`mysql://app:${password}@db/main`, `postgres//app:${password}@db`, password])(
    'a URL of the wrong form is refused without repeating it (%#)',
    (value) => {
      const read = (reader: ConfigReader) => ({
        one: reader.url('DATABASE_URL', ['postgres:']),
        two: reader.optionalUrl('DATABASE_URL', ['postgres:']),
      });
      const expected = 'DATABASE_URL must be a URL that starts with postgres://.';
      expect(problemsOf({ DATABASE_URL: value }, read)).toEqual([expected, expected]);
    },
  );

  test('the reason that the parser of a secret gives is passed on', () => {
    const parse = () => {
      throw new Error('at least 32 bytes are needed.');
    };
    expect(problemsOf({ KEY: password }, (reader) => ({ key: reader.secret('KEY', parse) }))).toEqual([
      'KEY is not usable: at least 32 bytes are needed.',
    ]);
  });

  test('a parser that quotes the secret, as JSON.parse does, is not passed on', () => {
    const asJson = (text: string) => JSON.parse(text) as unknown;
    const quoting = (text: string) => {
      throw new Error(`"${text}" is no key`);
    };
    const expected = ['KEY is not usable: wrong form.'];
    for (const secret of [password, password.repeat(9)])
      // of a long one the message quotes the beginning only
      expect(problemsOf({ KEY: secret }, (reader) => ({ key: reader.secret('KEY', asJson) }))).toEqual(expected);
    expect(problemsOf({ KEY: password }, (reader) => ({ key: reader.secret('KEY', quoting) }))).toEqual(expected);
  });
});

test('a reader that fails on a value already found wrong still reports the problem itself', () => {
  const read = (reader: ConfigReader) => ({ host: new URL(reader.url('ISSUER', ['https:'])).host });
  expect(problemsOf({}, read)).toEqual(['ISSUER is required.']);
});

test('a reader that fails on its own is a mistake in the program and is not reported as a setting', () => {
  const fault = new TypeError('x is not a function');
  expect(() =>
    readConfig({}, () => {
      throw fault;
    }),
  ).toThrow(fault);
});
