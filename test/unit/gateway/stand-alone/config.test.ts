import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { readStandAloneConfig } from '@tributary/gateway/stand-alone/config';
import { describeConfigFile } from '@tributary/gateway/stand-alone/config-file';
import { subscriptionsOf } from '@tributary/gateway/stand-alone/gateway-config';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const supergraph = join(folder, 'supergraph.graphql');
writeFileSync(supergraph, '');

interface Surroundings {
  args?: readonly string[];
  environment?: Record<string, string>;
}

function read(file: string, { args = [], environment = {} }: Surroundings = {}) {
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, file);
  const config = readStandAloneConfig(['--supergraph', supergraph, '--config', path, ...args], environment);
  if (config === 'help') throw new Error('Nobody asked for help.');
  return config;
}

function problemsOf(file: string, environment = {}): string[] {
  try {
    read(file, { environment });
  } catch (error) {
    return (error as { problems: string[] }).problems.map((each) => each.replace(`${folder}/gateway.yaml: `, ''));
  }
  return [];
}

describe('a config file', () => {
  test('may be empty: everything has a default', () => {
    const { settings } = read('');
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      production: false,
      introspection: true,
      forwardHeaders: [],
      limits: { depth: 30, cost: { anonymous: null, caller: null } },
      jwt: { required: false, issuers: [] },
    });
    expect(settings.subgraphs.size).toBe(0);
  });

  test('says for each subgraph how it is subscribed to', () => {
    const { settings } = read(
      'subgraphs: { news: { subscriptions: { protocol: websocket, url: wss://news.example } } }',
    );
    expect(subscriptionsOf(settings.subgraphs.get('news')!)).toEqual({
      protocol: 'websocket',
      url: 'wss://news.example',
      idleTimeoutMs: 60_000,
      maxEventBytes: 1_048_576,
    });
    expect(problemsOf('subgraphs: { news: { subscriptions: { protocol: socket, url: ftp://news.example } } }')).toEqual(
      [
        'subgraphs.news.subscriptions.protocol must be one of sse, websocket.',
        'subgraphs.news.subscriptions.url must be a URL that starts with http://, https://, ws:// or wss://.',
      ],
    );
  });

  test('may be JSON', () => {
    expect(read('{"port": 1, "limits": {"depth": 7}}').settings).toMatchObject({ port: 1, limits: { depth: 7 } });
  });

  test('gets variables of the environment, with fallbacks, and keeps what only looks like one', () => {
    const file = `
port: \${PORT}
introspection: \${INTROSPECTION:-false}
headers: { x-key: 'k \${KEY} \${ALSO:-}!', x-price: '$\${KEY}', x-plain: $5 }`;
    const { settings } = read(file, { environment: { PORT: '81', KEY: 's' } });
    expect(settings.port).toBe(81);
    expect(settings.introspection).toBe(false);
    expect(Object.fromEntries(settings.headers)).toEqual({ 'x-key': 'k s !', 'x-price': '${KEY}', 'x-plain': '$5' });
  });

  test('is less than a flag, and NODE_ENV makes production the default', () => {
    const { settings, executor } = read('port: 1\nhost: localhost', {
      args: ['--port', '2', '--executor', 'stock'],
      environment: { NODE_ENV: 'production' },
    });
    expect([settings.port, settings.host, settings.production, executor]).toEqual([2, 'localhost', true, 'stock']);
    expect(read('production: false', { environment: { NODE_ENV: 'production' } }).settings.production).toBe(false);
  });

  test.each([
    ['port: 99999', 'port must be a whole number from 0 to 65535, not 99999.'],
    ['port: [1]', 'port must be a whole number from 0 to 65535, not a list.'],
    ['limits: 5', 'limits must hold settings, not 5.'],
    ['[1]', 'The file must hold settings, not a list.'],
    ['introspection: maybe', 'introspection must be true or false.'],
    ['logLevel: loud', 'logLevel must be one of silent, fatal, error, warn, info, debug, trace.'],
    ['forwardHeaders: authorization', 'forwardHeaders must be a list.'],
    ['forwardHeaders: [Content-Length]', 'forwardHeaders[0] is a header that the gateway sets itself.'],
    ['forwardHeaders: ["a b"]', 'forwardHeaders[0] is not the name of a header.'],
    ['headers: { x-a: "ä\\u2028" }', 'headers.x-a cannot be the value of a header.'],
    ['headers: { x-a: 5 }', 'headers.x-a must be text.'],
    ['headers: { x-a: "${NOPE}" }', 'headers.x-a needs NOPE, which is not set in the environment.'],
    [
      'subgraphs: { books: { url: "ftp://a" } }',
      'subgraphs.books.url must be a URL that starts with http:// or https://.',
    ],
    ['subgraphs: { books: { uri: "http://a" } }', 'There is no setting subgraphs.books.uri.'],
    ['corsOrigins: ["https://a.example/path"]', 'corsOrigins[0] must be an origin such as https://shop.example.com.'],
    ['jwt: { issuers: [{ issuer: "https://a" }] }', 'jwt.issuers[0].audience is required.'],
    ['jwt: { required: true }', 'jwt.required needs jwt.issuers.'],
    [
      'production: true\njwt: { issuers: [{ issuer: "http://a", audience: b }] }',
      'In production an issuer must start with https://: http://a',
    ],
    ['a: {', expect.stringMatching(/^It is not YAML: /)],
    ['port: 1\nport: 2', expect.stringMatching(/^It is not YAML: Map keys must be unique/)],
  ])('with %j is refused', (file, problem) => {
    expect(problemsOf(file)).toEqual([problem]);
  });

  test('that repeats itself without end is refused', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    expect(problemsOf(['a0: &a0 [x]', ...lines].join('\n'))).toEqual(['Its aliases repeat too much.']);
  });
});

describe('flags', () => {
  test('are needed for the supergraph alone', () => {
    expect(() => readStandAloneConfig([], {})).toThrow('--supergraph is required');
    expect(readStandAloneConfig(['--supergraph', 'https://a.example/s'], {})).toMatchObject({
      supergraph: 'https://a.example/s',
      executor: 'own',
    });
  });

  test('that ask for help get it, whatever else is said', () => {
    expect(readStandAloneConfig(['--help', '--port', 'x'], {})).toBe('help');
  });

  test('name files as seen from the folder in which npm was called', () => {
    const environment = { npm_lifecycle_event: 'gateway', INIT_CWD: folder };
    expect(readStandAloneConfig(['--supergraph', 'supergraph.graphql'], environment)).toMatchObject({ supergraph });
  });
});

test('the README of the gateway lists exactly the settings there are, with their defaults', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../gateway/README.md'), 'utf8');
  const section = readme.split('\n### Config file\n')[1]!.split('\n#')[0]!;
  const cells = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const described = describeConfigFile({ production: false }).describe('');
  expect(cells.map(([, setting, fallback, meaning]) => [setting, fallback, meaning])).toEqual(
    described.map(({ setting, fallback, meaning }) => [`\`${setting}\``, fallback, meaning]),
  );
});
