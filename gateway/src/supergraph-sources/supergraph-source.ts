import type { Handle } from '@tributary/kit/lifecycle';

/** Where the supergraph comes from, now and later. */
export interface SupergraphSource {
  /**
   * Resolves to the supergraph as it is now and rejects when it cannot be had. From then on `listener` is told what becomes of it,
   * until the answer is stopped.
   */
  open(listener: SupergraphListener): Promise<OpenSupergraph>;
}

export interface SupergraphListener {
  /** There is another text. */
  changed(sdl: string): void;
  /** It cannot be read at the moment. */
  failed(error: Error): void;
}

export interface OpenSupergraph extends Handle {
  readonly sdl: string;
}

/** The supergraph cannot be read; the message says why, without credentials. */
export class SupergraphUnreadable extends Error {
  override name = 'SupergraphUnreadable';
}

/** A supergraph that stays as it is. */
export function fixedSupergraph(sdl: string): SupergraphSource {
  return { open: async () => ({ sdl, stop: async () => undefined }) };
}
