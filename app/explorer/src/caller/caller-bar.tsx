import { asPersona, callerKey, NOBODY, OWN_TOKEN } from './caller.ts';
import type { Caller, Persona } from './caller.ts';
import { OwnToken } from './own-token.tsx';
import { WhoLine } from './who-line.tsx';

interface Choice {
  caller: Caller;
  label: string;
  detail: string;
  title: string;
}

export interface CallerBarProps {
  personas: readonly Persona[];
  caller: Caller;
  /** Whether `/sandbox` leads anywhere. */
  sandbox: boolean;
  onChoose: (caller: Caller) => void;
  onToken: (token: string) => void;
  /** Changes whenever somebody else may stand behind the same caller. */
  revision: number;
}

/** Whom operations are asked as: one click to change it, and what the graph says about whoever it is. */
export function CallerBar({ personas, caller, sandbox, onChoose, onToken, revision }: CallerBarProps) {
  const choices: readonly Choice[] = [
    { caller: NOBODY, label: 'nobody', detail: 'no token', title: 'Asks without a token.' },
    ...personas.map(({ persona, displayName, description }) => ({
      caller: asPersona(persona),
      label: persona,
      detail: displayName,
      title: description,
    })),
    { caller: OWN_TOKEN, label: 'own token', detail: 'paste one', title: 'Asks with an access token of yours.' },
  ];
  const chosen = callerKey(caller);
  const description = personas.find(({ persona }) => chosen === callerKey(asPersona(persona)))?.description;
  return (
    <header className="caller-bar">
      <div className="caller-row">
        <h1>Tributary</h1>
        <fieldset className="callers">
          <legend>Ask as</legend>
          {choices.map((choice) => (
            <label key={callerKey(choice.caller)} title={choice.title}>
              <input
                type="radio"
                name="caller"
                checked={callerKey(choice.caller) === chosen}
                onChange={() => onChoose(choice.caller)}
              />
              <strong>{choice.label}</strong>
              <span>{choice.detail}</span>
            </label>
          ))}
        </fieldset>
        {sandbox && (
          <a className="sandbox" href="/sandbox" target="_blank" rel="noreferrer">
            Apollo Sandbox
          </a>
        )}
      </div>
      <div className="caller-row">
        <WhoLine caller={caller} description={description} revision={revision} />
        {caller.kind === 'token' && <OwnToken onToken={onToken} />}
      </div>
    </header>
  );
}
