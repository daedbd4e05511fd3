import { expect, test } from 'vitest';

import { costOf, median, percentile, ratiosTo, steadyPart, summarize } from '../../../bench/gateway/statistics.ts';
import type { Mark, Round } from '../../../bench/gateway/statistics.ts';

const mark = (atMs: number, requests: number, cpuMs = 0, subgraphsCpuMs = 0): Mark => ({
  atMs,
  requests,
  cpuMs,
  subgraphsCpuMs,
});
const round = (figures: Partial<Round>): Round => ({
  rps: 1,
  p50Ms: 1,
  p99Ms: 1,
  cpuMs: 1,
  busy: 1,
  subgraphsBusy: 1,
  ...figures,
});

test('the steady part lies within the given time and spans whole waves of requests', () => {
  const marks = [mark(100, 50), mark(600, 60), mark(1_200, 100), mark(1_900, 110), mark(2_500, 150), mark(3_500, 210)];
  expect(steadyPart(marks, { fromMs: 500, toMs: 3_000, connections: 50 })).toEqual([marks[1], marks[3]]);
  expect(steadyPart(marks, { fromMs: 500, toMs: 4_000, connections: 50 })).toEqual([marks[1], marks[5]]);
});

test('a load without a whole wave in its steady part has none', () => {
  const marks = [mark(600, 10), mark(900, 50)];
  expect(steadyPart(marks, { fromMs: 500, toMs: 3_000, connections: 50 })).toBeNull();
});

test('a request costs the processor time between two marks, shared among the requests between them', () => {
  expect(costOf([mark(1_000, 100, 400, 50), mark(3_000, 300, 1_400, 150)])).toEqual({
    cpuMs: 5,
    busy: 0.5,
    subgraphsBusy: 0.05,
  });
});

test('a summary takes the median of each figure by itself', () => {
  const rounds = [round({ rps: 10, cpuMs: 3 }), round({ rps: 30, cpuMs: 1 }), round({ rps: 20, cpuMs: 9 })];
  expect(summarize(rounds)).toEqual(round({ rps: 20, cpuMs: 3 }));
});

test('ratios are above one where the baseline is beaten: more requests, less time', () => {
  const baseline = round({ rps: 100, cpuMs: 10, p50Ms: 20, p99Ms: 40 });
  expect(ratiosTo(baseline, round({ rps: 300, cpuMs: 2, p50Ms: 40, p99Ms: 10 }))).toEqual({
    rps: 3,
    cpuMs: 5,
    p50Ms: 0.5,
    p99Ms: 4,
  });
});

test('the median of an even number of values is the mean of the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 2])).toBe(2);
});

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, 0.5)).toBe(51);
  expect(percentile(values, 0.99)).toBe(100);
  expect(percentile([7], 0.99)).toBe(7);
});
