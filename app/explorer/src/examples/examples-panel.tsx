import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useRef, useState } from 'react';

import { callerKey } from '../caller/caller.ts';
import { useExplorer } from '../explorer-context.ts';
import { START_TEXT } from '../start-text.ts';
import { prepareExample } from './prepare-example.ts';
import { recipes } from './recipes.ts';
import type { Example } from './workload.ts';

const GROUPS = [
  { operation: 'query', title: 'Read' },
  { operation: 'mutation', title: 'Write' },
  { operation: 'subscription', title: 'Watch' },
] as const;

/** The workload's operations. Choosing one signs in as whom it is meant for and fills the editors; running it is left to the person. */
export function ExamplesPanel() {
  const { examples } = useExplorer();
  const { open, opening, notice, canOpen } = useOpenExample();
  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <p className="muted">
        Choosing one fills the editors and signs in as whom it is meant for. Run it with Ctrl+Enter, then try it as
        somebody else.
      </p>
      <p role="status" aria-label="Example" className="notice">
        {notice}
      </p>
      {GROUPS.map(({ operation, title }) => {
        const group = examples.filter((example) => example.operation === operation);
        return group.length === 0 ? null : (
          <section key={operation} aria-label={`${title} examples`}>
            <h3>{title}</h3>
            <ul>
              {group.map((example) => (
                <li key={example.name}>
                  <button
                    type="button"
                    aria-label={example.name}
                    disabled={!canOpen}
                    onClick={() => void open(example)}
                  >
                    <strong>{example.title}</strong>
                    <span>{opening === example.name ? 'Looking up its variables …' : example.summary}</span>
                    <Badge example={example} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}

function Badge({ example }: { example: Example }) {
  const { personas } = useExplorer();
  const persona = recipes[example.name]?.persona;
  if (persona === undefined || personas.length === 0) return null;
  return <span className="badge">{persona ?? 'nobody'}</span>;
}

function useOpenExample() {
  const { graph, caller, personas, examples, choose } = useExplorer();
  const actions = useGraphiQLActions();
  const editors = useGraphiQL(pick('queryEditor', 'variableEditor', 'responseEditor'));
  const currentEditors = useRef(editors);
  currentEditors.current = editors;
  const [opening, setOpening] = useState<string | null>(null);
  const [notice, setNotice] = useState<string | null>(null);

  async function open(example: Example): Promise<void> {
    setOpening(example.name);
    setNotice(null);
    const prepared = await prepareExample(example, { graph, current: caller, personas, now: new Date() });
    setOpening(null);
    setNotice(prepared.notice);
    if (callerKey(prepared.caller) !== callerKey(caller)) choose(prepared.caller);

    // Those of now: a look-up takes its time.
    const { queryEditor, variableEditor, responseEditor } = currentEditors.current;
    // Work of one's own is never overwritten.
    const text = queryEditor?.getValue().trim() ?? '';
    const replaceable = ['', START_TEXT, ...examples.map((each) => each.text)].some((each) => each.trim() === text);
    if (!replaceable) actions.addTab();
    queryEditor?.setValue(example.text);
    variableEditor?.setValue(prepared.variables);
    responseEditor?.setValue('');
    actions.updateActiveTabValues({ query: example.text, variables: prepared.variables, response: null });
    actions.setOperationName(example.name);
    queryEditor?.focus();
  }

  // The editors load a little later than the page.
  const canOpen = editors.queryEditor !== undefined && editors.variableEditor !== undefined && opening === null;
  return { open, opening, notice, canOpen };
}
