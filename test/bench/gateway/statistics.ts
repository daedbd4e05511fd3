/** A moment within a load, with what had been sent and used until then. */
export interface Mark {
  atMs: number;
  requests: number;
  /** Processor time of the gateway and of the subgraphs. */
  cpuMs: number;
  subgraphsCpuMs: number;
}

/** What one round of load showed. */
export interface Round {
  rps: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the gateway for one request. */
  cpuMs: number;
  /** Share of its core that the gateway had, and the subgraphs of theirs. */
  busy: number;
  subgraphsBusy: number;
}

export interface Ratios {
  rps: number;
  cpuMs: number;
  p50Ms: number;
  p99Ms: number;
}

/**
 * The two marks that are furthest apart, within the given time and a whole number of times `connections` requests apart. Connections that
 * started together tend to go on in step, so requests are sent in waves: only from one place in a wave to the same place in another has the
 * gateway done as many requests as were sent meanwhile. Null when there was no whole wave.
 */
export function steadyPart(
  marks: readonly Mark[],
  { fromMs, toMs, connections }: { fromMs: number; toMs: number; connections: number },
): [Mark, Mark] | null {
  const firsts = new Map<number, Mark>();
  let best: [Mark, Mark] | null = null;
  for (const mark of marks) {
    if (mark.atMs < fromMs || mark.atMs > toMs) continue;
    const place = mark.requests % connections;
    const first = firsts.get(place) ?? mark;
    firsts.set(place, first);
    const length = mark.requests - first.requests;
    if (length > 0 && (!best || length > best[1].requests - best[0].requests)) best = [first, mark];
  }
  return best;
}

export function costOf([first, last]: [Mark, Mark]): Pick<Round, 'cpuMs' | 'busy' | 'subgraphsBusy'> {
  const cpuMs = last.cpuMs - first.cpuMs;
  const wallMs = last.atMs - first.atMs;
  return {
    cpuMs: cpuMs / (last.requests - first.requests),
    busy: cpuMs / wallMs,
    subgraphsBusy: (last.subgraphsCpuMs - first.subgraphsCpuMs) / wallMs,
  };
}

/** The median of each figure. */
export function summarize(rounds: readonly Round[]): Round {
  const middle = (figure: keyof Round) => median(rounds.map((round) => round[figure]));
  return {
    rps: middle('rps'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    cpuMs: middle('cpuMs'),
    busy: middle('busy'),
    subgraphsBusy: middle('subgraphsBusy'),
  };
}

/** How many times better than the baseline, figure by figure: more requests, less time. */
export function ratiosTo(baseline: Round, { rps, cpuMs, p50Ms, p99Ms }: Round): Ratios {
  return {
    rps: rps / baseline.rps,
    cpuMs: baseline.cpuMs / cpuMs,
    p50Ms: baseline.p50Ms / p50Ms,
    p99Ms: baseline.p99Ms / p99Ms,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value that this share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
