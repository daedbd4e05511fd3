import type { OpenSupergraph, SupergraphSource } from '@tributary/gateway';

// Somebody who listens to a source and notes what is told.

export interface Listening extends OpenSupergraph, AsyncDisposable {
  /** Texts, oldest first. */
  readonly changed: string[];
  /** Messages, oldest first and each once: what goes wrong is told at every look. */
  readonly failed: Set<string>;
}

export async function listenTo(source: SupergraphSource): Promise<Listening> {
  const changed: string[] = [];
  const failed = new Set<string>();
  const open = await source.open({
    changed: (sdl) => void changed.push(sdl),
    failed: ({ name, message }) => void failed.add(`${name}: ${message}`),
  });
  return { ...open, changed, failed, [Symbol.asyncDispose]: () => open.stop() };
}
