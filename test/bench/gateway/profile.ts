/** What is read of a .cpuprofile, which is the format of the Chrome DevTools. */
export interface CpuProfile {
  nodes: readonly ProfileNode[];
  samples: readonly number[];
  timeDeltas: readonly number[];
}

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
}

export interface SelfTime {
  /** Name of the function and where it is, by package or by path within the project. */
  place: string;
  selfMs: number;
  share: number;
}

const IDLE = ['(idle)', '(root)'];
const PROFILER = 'node:inspector';

/** The functions that took most of the time themselves, the most expensive first. Neither waiting nor the profiler itself counts. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, count: number): readonly SelfTime[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const microseconds = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const node = byId.get(id);
    const taken = timeDeltas[index] ?? 0;
    if (!node || IDLE.includes(node.callFrame.functionName) || node.callFrame.url === PROFILER) return;
    total += taken;
    const place = placeOf(node);
    microseconds.set(place, (microseconds.get(place) ?? 0) + taken);
  });
  return [...microseconds]
    .sort(([, left], [, right]) => right - left)
    .slice(0, count)
    .map(([place, taken]) => ({ place, selfMs: taken / 1_000, share: taken / total }));
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const [, file = url] = /.*\/node_modules\/(.*)$/.exec(url) ?? /\/((?:gateway|subgraphs|test)\/.*)$/.exec(url) ?? [];
  return `${name} ${file}:${lineNumber + 1}`;
}
