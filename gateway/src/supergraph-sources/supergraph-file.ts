import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { startPoll } from './poll.ts';
import { SupergraphUnreadable } from './supergraph-source.ts';
import type { SupergraphSource } from './supergraph-source.ts';

export interface SupergraphFileOptions {
  path: string;
  /** How often the file is read in any case. */
  pollIntervalMs: number;
}

// Writing a file makes several events; the last one counts.
const SETTLE_MS = 50;

/**
 * A supergraph in a file. The folder is watched, because files are replaced by renaming as often as they are written to. Some file
 * systems tell nothing, so the file is read from time to time as well.
 */
export function supergraphFile({ path, pollIntervalMs }: SupergraphFileOptions): SupergraphSource {
  const read = () =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new SupergraphUnreadable(`The supergraph ${path} cannot be read: ${error.code ?? error.message}.`);
    });
  return {
    async open(listener) {
      const sdl = await read();
      let last = sdl;
      const poll = startPoll(async () => {
        try {
          const now = await read();
          if (now === last) return;
          last = now;
          listener.changed(now);
        } catch (error) {
          listener.failed(error as Error);
        }
      }, pollIntervalMs);
      const watching = watchFolder(dirname(path), poll.lookNow);
      return {
        sdl,
        async stop() {
          watching.stop();
          await poll.stop();
        },
      };
    },
  };
}

function watchFolder(folder: string, changed: () => void): { stop(): void } {
  let settling: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(folder, { persistent: false }, () => {
      clearTimeout(settling);
      settling = setTimeout(changed, SETTLE_MS).unref();
    });
    watcher.on('error', () => watcher.close());
    return {
      stop() {
        clearTimeout(settling);
        watcher.close();
      },
    };
  } catch {
    return { stop: () => undefined }; // not every system can watch
  }
}
