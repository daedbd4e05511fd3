import { useExplorer } from './explorer-context.ts';

/** Below an answer: whom it was given to, and how. */
export function ExchangeLine() {
  const { exchange } = useExplorer();
  if (exchange === null) return <p className="exchange muted">Nothing was asked yet.</p>;
  const { caller, status, durationMs, requestId } = exchange;
  const who = { nobody: 'nobody', token: 'own token', persona: caller.kind === 'persona' ? caller.persona : '' }[
    caller.kind
  ];
  return (
    <p className="exchange" role="status" aria-label="Answer">
      <span>
        Answered to <strong>{who}</strong>
      </span>
      <span className={status >= 400 ? 'refused' : undefined}>HTTP {status}</span>
      <span>{durationMs} ms</span>
      {requestId !== null && (
        <span className="muted">
          request <code>{requestId}</code>
        </span>
      )}
    </p>
  );
}
