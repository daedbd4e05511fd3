import './monaco-workers.ts';
import 'graphiql/style.css';
import './explorer.css';

import { createRoot } from 'react-dom/client';

import type { ExplorerPageConfig } from '../../src/explorer/explorer-routes.ts';
import type { Persona } from './caller/caller.ts';
import { createTokens } from './caller/tokens.ts';
import { readWorkload } from './examples/workload.ts';
import { Explorer } from './explorer.tsx';
import { createGraph, fetchJson } from './graph/graph.ts';

const fetchHere = (url: string, init?: RequestInit) => fetch(url, init);

const tokens = createTokens({
  signIn: (persona) =>
    fetchJson(fetchHere, '/dev/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ persona }),
    }),
  now: () => Date.now(),
});

const root = createRoot(document.getElementById('explorer')!);
try {
  const config = await fetchJson<ExplorerPageConfig>(fetchHere, '/explorer/config.json');
  const { personas } = config.personas
    ? await fetchJson<{ personas: readonly Persona[] }>(fetchHere, '/dev/personas')
    : { personas: [] };
  root.render(
    <Explorer
      graph={createGraph({ tokens, fetch: fetchHere })}
      tokens={tokens}
      personas={personas}
      examples={readWorkload(config.workload)}
      introspection={config.introspection}
      sandbox={config.sandbox}
    />,
  );
} catch (error) {
  root.render(
    <p className="loading" role="alert">
      The explorer cannot start: {error instanceof Error ? error.message : 'unknown reason'}
    </p>,
  );
}
