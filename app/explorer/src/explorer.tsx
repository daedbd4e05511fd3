import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useMemo, useRef, useState } from 'react';

import { CallerBar } from './caller/caller-bar.tsx';
import { NOBODY } from './caller/caller.ts';
import type { Caller, Persona } from './caller/caller.ts';
import type { Tokens } from './caller/tokens.ts';
import { EXAMPLES_PLUGIN } from './examples/examples-plugin.tsx';
import type { Example } from './examples/workload.ts';
import { ExchangeLine } from './exchange-line.tsx';
import { ExplorerContext } from './explorer-context.ts';
import { FollowSystemTheme } from './follow-system-theme.tsx';
import { createPageFetch } from './graph/page-fetch.ts';
import type { Exchange, Graph } from './graph/graph.ts';
import { START_TEXT } from './start-text.ts';

export interface ExplorerProps {
  graph: Graph;
  tokens: Tokens;
  personas: readonly Persona[];
  examples: readonly Example[];
  introspection: boolean;
  sandbox: boolean;
}

const PLUGINS = [EXAMPLES_PLUGIN, HISTORY_PLUGIN]; // one list for good: GraphiQL starts over with a new one

export function Explorer({ graph, tokens, personas, examples, introspection, sandbox }: ExplorerProps) {
  const [caller, setCaller] = useState<Caller>(NOBODY);
  const [ownTokens, setOwnTokens] = useState(0);
  const [exchange, setExchange] = useState<Exchange | null>(null);
  // GraphiQL reads the schema again when its fetcher changes, so one fetcher looks up who is asking at the moment.
  const currentCaller = useRef(caller);
  const fetcher = useMemo(() => {
    const fetch = createPageFetch({ graph, caller: () => currentCaller.current, onExchange: setExchange });
    return createGraphiQLFetcher({ url: '/graphql', fetch });
  }, [graph]);

  function choose(next: Caller) {
    currentCaller.current = next;
    setCaller(next);
  }
  function useToken(token: string) {
    tokens.setOwn(token);
    setOwnTokens((count) => count + 1);
  }

  const names = useMemo(() => personas.map(({ persona }) => persona), [personas]);
  return (
    <ExplorerContext
      value={{ graph, caller, hasToken: ownTokens > 0, personas: names, examples, introspection, exchange, choose }}
    >
      <CallerBar
        personas={personas}
        caller={caller}
        sandbox={sandbox}
        onChoose={choose}
        onToken={useToken}
        revision={ownTokens}
      />
      {!introspection && (
        <p className="no-schema" role="note">
          This server keeps its schema to itself (INTROSPECTION): there is no documentation and no completion here.
        </p>
      )}
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          visiblePlugin={EXAMPLES_PLUGIN.title}
          defaultQuery={START_TEXT}
          defaultEditorToolsVisibility="variables"
          shouldPersistHeaders={false}
          {...(!introspection && { schema: null })}
        >
          <GraphiQL.Footer>
            <ExchangeLine />
          </GraphiQL.Footer>
          <FollowSystemTheme />
        </GraphiQL>
      </main>
    </ExplorerContext>
  );
}
