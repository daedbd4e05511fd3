import { expect, test } from 'vitest';

import { selfTimes } from '../../../bench/gateway/profile.ts';

const node = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url, lineNumber: 9 } });

test('functions are told by the time they took themselves, without waiting and without the profiler', () => {
  const profile = {
    nodes: [
      node(1, '(idle)'),
      node(2, 'shape', 'file:///anywhere/gateway/src/execution/shape.ts'),
      node(3, 'write', 'file:///anywhere/node_modules/undici/lib/client.js'),
      node(4, '(garbage collector)'),
      node(5, 'post', 'node:inspector'),
    ],
    samples: [1, 2, 3, 2, 4, 5],
    timeDeltas: [50_000, 3_000, 4_000, 3_000, 10_000, 90_000],
  };
  expect(selfTimes(profile, 3)).toEqual([
    { place: '(garbage collector)', selfMs: 10, share: 0.5 },
    { place: 'shape gateway/src/execution/shape.ts:10', selfMs: 6, share: 0.3 },
    { place: 'write undici/lib/client.js:10', selfMs: 4, share: 0.2 },
  ]);
});
