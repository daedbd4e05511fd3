import { expect, test } from 'vitest';

import { parseGatewayBenchOptions } from '../../../bench/gateway/options.ts';

test('without arguments every peer is measured in both modes, three rounds long', () => {
  expect(parseGatewayBenchOptions([])).toEqual({
    rounds: 3,
    seconds: 8,
    warmUpSeconds: 8,
    connections: 50,
    peers: ['stock', 'ours', 'hive', 'hive-router-runtime'],
    modes: ['unique', 'same'],
    profile: undefined,
  });
});

test('stock is measured first even where nobody asks for it', () => {
  expect(parseGatewayBenchOptions(['--peers', 'hive,ours']).peers).toEqual(['stock', 'ours', 'hive']);
  expect(parseGatewayBenchOptions(['--peers=ours,stock']).peers).toEqual(['stock', 'ours']);
});

test('lengths, modes and the file of a profile are taken from the arguments', () => {
  const args = ['--rounds', '5', '--seconds=20', '--warm-up', '0', '--modes', 'same', '--profile', 'out.cpuprofile'];
  expect(parseGatewayBenchOptions(args)).toMatchObject({
    rounds: 5,
    seconds: 20,
    warmUpSeconds: 0,
    modes: ['same'],
    profile: 'out.cpuprofile',
  });
});

test.each([
  [['--peers', 'ours,router'], '--peers can name stock, ours, hive, hive-router-runtime, not router.'],
  [['--modes', 'fast'], '--modes can name unique, same, not fast.'],
  [['--rounds', '0'], '--rounds must be a whole number of at least 1.'],
  [['--seconds', 'ten'], '--seconds must be a whole number of at least 2.'],
])('%j is refused with what can be said instead', (args, message) => {
  expect(() => parseGatewayBenchOptions(args)).toThrow(message);
});
