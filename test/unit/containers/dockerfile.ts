import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './compose-file.ts';

// The instructions of the Dockerfile, by stage. Only the forms that ours uses are understood; anything else throws.

export interface Stage {
  name: string;
  from: string;
  steps: readonly Step[];
}

export type Step =
  | { kind: 'COPY'; from: string | undefined; sources: readonly string[]; target: string }
  | { kind: 'RUN'; command: string }
  | { kind: 'ENV' | 'USER' | 'WORKDIR' | 'CMD'; text: string };

export function readDockerfile(): readonly Stage[] {
  const stages: { name: string; from: string; steps: Step[] }[] = [];
  for (const line of readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, instruction, text] = /^([A-Z]+) (.+)$/.exec(line)!;
    if (instruction === 'FROM') {
      const [, from, name] = /^(\S+) AS (\S+)$/.exec(text!)!;
      stages.push({ name: name!, from: from!, steps: [] });
    } else stages.at(-1)!.steps.push(parseStep(instruction!, text!));
  }
  return stages;
}

function parseStep(instruction: string, text: string): Step {
  switch (instruction) {
    case 'COPY': {
      const words = text.split(' ');
      const from = words[0]!.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined;
      return { kind: 'COPY', from, sources: words.slice(0, -1), target: words.at(-1)! };
    }
    case 'RUN':
      return { kind: 'RUN', command: text };
    case 'ENV':
    case 'USER':
    case 'WORKDIR':
    case 'CMD':
      return { kind: instruction, text };
    default:
      throw new Error(`The instruction ${instruction} is not expected.`);
  }
}
