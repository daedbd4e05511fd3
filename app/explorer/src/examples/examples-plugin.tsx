import type { GraphiQLPlugin } from '@graphiql/react';

import { ExamplesPanel } from './examples-panel.tsx';

export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: 'Examples', icon: ExamplesIcon, content: ExamplesPanel };

function ExamplesIcon() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 4h.01M3 10h.01M3 16h.01M7 4h10M7 10h10M7 16h10" />
    </svg>
  );
}
