import type { ServerReport, ServerRequest } from './messages.ts';

/** Answers the requests that come from the process that started this one. */
export function serve(url: string, { publish }: { publish: (number: number) => void }): void {
  process.on('message', (request: ServerRequest) => {
    if (request.kind === 'publish') publish(request.number);
    else process.send?.(measure());
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url });
}

function measure(): ServerReport {
  if (!globalThis.gc) throw new Error('Start this process with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed: heap } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { rss, heap, cpuMs: (user + system) / 1_000 };
}
