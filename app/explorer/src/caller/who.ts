import type { Graph } from '../graph/graph.ts';
import type { Caller } from './caller.ts';

/** What the graph says about a caller. */
export interface Who {
  name: string;
  /** Roles of a person; an API client has none. */
  roles: readonly string[];
  scopes: readonly string[];
}

interface ViewerAnswer {
  me: { displayName: string; roles: readonly string[] } | null;
  viewer: { scopes: readonly string[]; apiClient: { name: string } | null } | null;
}

const QUERY = 'query ExplorerCaller { me { displayName roles } viewer { scopes apiClient { name } } }';

/** Throws, with a message to show, when the graph does not accept the caller. */
export async function askWho(graph: Pick<Graph, 'ask'>, caller: Caller): Promise<Who> {
  const { data, errors } = await graph.ask<ViewerAnswer>(caller, QUERY);
  const name = data?.me?.displayName ?? data?.viewer?.apiClient?.name;
  if (name === undefined) throw new Error(errors?.[0]?.message ?? 'The graph does not know this caller.');
  return { name, roles: data?.me?.roles ?? [], scopes: data?.viewer?.scopes ?? [] };
}
