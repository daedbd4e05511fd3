import type { SeedProgress } from './seed.ts';

/** Where progress goes: a terminal gets a bar that is drawn over, anything else gets a line now and then. */
export interface ProgressOutput {
  isTTY?: boolean;
  write(text: string): unknown;
}

const LABELS = { people: 'People and catalog', orders: 'Orders', indexes: 'Indexes' } as const;
const BAR_WIDTH = 30;
const LINE_EVERY_PERCENT = 25;

export function createProgressPrinter(output: ProgressOutput): (progress: SeedProgress) => void {
  let lastLine = '';
  return ({ phase, done, total }) => {
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const counts = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
    if (output.isTTY) {
      const filled = Math.floor((BAR_WIDTH * percent) / 100);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const line = `${LABELS[phase].padEnd(18)} ${bar} ${String(percent).padStart(3)} %  ${counts}`;
      if (line === lastLine) return;
      lastLine = line;
      output.write(`\r\u001b[2K${line}${done === total ? '\n' : ''}`);
    } else {
      const line = `${LABELS[phase]}: ${percent - (percent % LINE_EVERY_PERCENT)} %`;
      if (line === lastLine) return;
      lastLine = line;
      output.write(`${line}\n`);
    }
  };
}
