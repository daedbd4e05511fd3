import { expect, test } from 'vitest';

import { parseSeedArguments } from '@tributary/app/commands/seed-arguments';

const DATABASE = 'postgres://admin:secret@127.0.0.1:5432/tributary';

test.each([
  [[], { size: undefined, databaseUrl: undefined }],
  [['medium'], { size: 'medium', databaseUrl: undefined }],
  [['--database', DATABASE, 'large'], { size: 'large', databaseUrl: DATABASE }],
  [[`--database=${DATABASE}`], { size: undefined, databaseUrl: DATABASE }],
])('%j is understood', (args, expected) => {
  expect(parseSeedArguments(args)).toEqual(expected);
});

test('every mistake is named at once, and no password is repeated', () => {
  const parse = () => parseSeedArguments(['huge', 'tiny', '--database', 'mysql://admin:secret@host/shop']);
  expect(parse).toThrow(/"huge"[^]*one size at most[^]*--database must name a database[^]*Usage: npm run seed/);
  expect(parse).not.toThrow(/secret/);
});

test('an unknown option is named', () => {
  expect(() => parseSeedArguments(['--force'])).toThrow(/--force[^]*Usage/);
});
