import { createContext, useContext } from 'react';

import type { Caller } from './caller/caller.ts';
import type { Example } from './examples/workload.ts';
import type { Exchange, Graph } from './graph/graph.ts';

/** What the parts of the page share; GraphiQL's plugins take no properties. */
export interface ExplorerState {
  graph: Graph;
  caller: Caller;
  /** Whether an own token was given. */
  hasToken: boolean;
  personas: readonly string[];
  examples: readonly Example[];
  introspection: boolean;
  /** The answer that is shown. */
  exchange: Exchange | null;
  choose: (caller: Caller) => void;
}

export const ExplorerContext = createContext<ExplorerState | null>(null);

export function useExplorer(): ExplorerState {
  const state = useContext(ExplorerContext);
  if (state === null) throw new Error('This part of the page stands outside of the explorer.');
  return state;
}
