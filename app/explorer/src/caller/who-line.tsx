import { useEffect, useState } from 'react';

import { useExplorer } from '../explorer-context.ts';
import { callerKey } from './caller.ts';
import type { Caller } from './caller.ts';
import { askWho } from './who.ts';
import type { Who } from './who.ts';

type Known = { phase: 'asking' } | { phase: 'known'; who: Who } | { phase: 'refused'; reason: string };

export interface WhoLineProps {
  caller: Caller;
  description: string | undefined;
  revision: number;
}

/** One line that says who is asking: name, roles, scopes. */
export function WhoLine({ caller, description, revision }: WhoLineProps) {
  const { graph, hasToken } = useExplorer();
  const [known, setKnown] = useState<Known>({ phase: 'asking' });
  const isSomebody = caller.kind === 'persona' || (caller.kind === 'token' && hasToken);
  const key = `${callerKey(caller)} ${revision}`;

  useEffect(() => {
    if (!isSomebody) return;
    let current = true;
    setKnown({ phase: 'asking' });
    askWho(graph, caller).then(
      (who) => current && setKnown({ phase: 'known', who }),
      (error: unknown) => current && setKnown({ phase: 'refused', reason: messageOf(error) }),
    );
    return () => {
      current = false;
    };
    // The key stands for the caller, who is a new object at every change.
  }, [graph, key, isSomebody]);

  return (
    <p className="who" role="status" aria-label="Caller">
      {isSomebody ? <Somebody known={known} /> : <Nobody caller={caller} />}
      {description !== undefined && <span className="muted">{description}</span>}
    </p>
  );
}

function Nobody({ caller }: { caller: Caller }) {
  return caller.kind === 'token' ? (
    <span>Paste an access token to ask as whoever it was issued to.</span>
  ) : (
    <span>
      Asking as <strong>nobody</strong>: without a token.
    </span>
  );
}

function Somebody({ known }: { known: Known }) {
  if (known.phase === 'asking') return <span>Signing in …</span>;
  if (known.phase === 'refused') return <span className="refused">Not signed in: {known.reason}</span>;
  const { name, roles, scopes } = known.who;
  return (
    <>
      <span>
        Asking as <strong>{name}</strong>
      </span>
      <span>{roles.length > 0 ? `role ${roles.join(', ')}` : 'API client'}</span>
      <span className="scopes" title={scopes.join('\n')}>
        {scopes.length} {scopes.length === 1 ? 'scope' : 'scopes'}
      </span>
    </>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the graph does not answer';
}
