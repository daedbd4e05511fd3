import { contractDirectory } from './files.ts';
import { runCompose } from './run-compose.ts';

// The command behind `npm run compose`. Paths in its messages are relative to the contract's directory.

const options = process.argv.slice(2);
const unknown = options.filter((option) => option !== '--check');

if (unknown.length > 0) {
  process.stderr.write(`compose: unknown option ${unknown.join(', ')}. Use --check or nothing.\n`);
  process.exitCode = 1;
} else {
  process.exitCode = runCompose({
    directory: contractDirectory,
    check: options.includes('--check'),
    print: (line) => process.stderr.write(`schema: ${line}\n`),
  });
}
