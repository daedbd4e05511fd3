import { goingAway } from '../errors.ts';
import { openClientStream } from './client-stream.ts';
import type { ClientStream, ClientStreamDeps, ClientStreamOptions } from './client-stream.ts';
import type { StreamLimits } from './limits.ts';
import type { StreamEnded } from './stream-ended.ts';

/** All subscriptions of this process, and the connections that they come by. */
export interface OpenStreams {
  open(options: ClientStreamOptions): Promise<ClientStream | StreamEnded>;
  /** Whether another connection would be one too many. */
  isFull(): boolean;
  /** Counts a connection that is no stream of itself. Returns what stops that. */
  count(): () => void;
  isDraining(): boolean;
  /** Ends every stream, and every one that is still begun. */
  drain(): void;
}

export function createOpenStreams(deps: Omit<ClientStreamDeps, 'limits'> & { limits: StreamLimits }): OpenStreams {
  const open = new Set<ClientStream>();
  let connections = 0;
  let isDraining = false;

  return {
    async open(options) {
      let stream: ClientStream | StreamEnded | null = null;
      const opened = await openClientStream(
        {
          ...options,
          onDone: () => {
            if (stream !== null) open.delete(stream as ClientStream);
            options.onDone?.();
          },
        },
        deps,
      );
      stream = opened;
      if ('cut' in opened) {
        open.add(opened);
        if (isDraining) opened.cut(goingAway());
      }
      return opened;
    },
    isFull: () => connections >= deps.limits.connections,
    count() {
      connections += 1;
      let isCounted = true;
      return () => {
        if (isCounted) connections -= 1;
        isCounted = false;
      };
    },
    isDraining: () => isDraining,
    drain() {
      isDraining = true;
      for (const stream of open) stream.cut(goingAway());
    },
  };
}
