import type { Handle } from '@tributary/kit/lifecycle';

/** Signs of life, for any number of connections with one timer. */
export interface Heartbeats extends Handle {
  /** `beat` is called once in each interval. Returns what ends that. */
  add(beat: () => void): () => void;
}

// Ten thousand connections at once would keep everything else waiting.
const SLICES = 10;

export function createHeartbeats(intervalMs: number): Heartbeats {
  const slices = Array.from({ length: SLICES }, () => new Set<() => void>());
  let added = 0;
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % SLICES;
    for (const beat of slices[turn] ?? []) beat();
  }, intervalMs / SLICES);
  timer.unref();
  return {
    add(beat) {
      added += 1;
      const slice = slices[added % SLICES]!;
      slice.add(beat);
      return () => void slice.delete(beat);
    },
    stop: async () => clearInterval(timer),
  };
}
