import { readFileSync } from 'node:fs';
import nodeModule from 'node:module'; // not by name: an import that an older Node lacks would fail before anything is checked
import { fileURLToPath, URL } from 'node:url';

// Checks what the program itself cannot check, because it would not even load: the version of Node, the dependencies, and the patch
// to one of them. Plain JavaScript for the same reason.

const MINIMUM_NODE_MAJOR = 24;

const problem = nodeProblem() ?? dependencyProblem() ?? patchProblem();
if (problem) {
  console.error(problem);
  process.exit(1);
}

// Half of a start would go into compiling the same modules again. Kept inside the clone: whoever can write there owns the code anyway.
nodeModule.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/tributary', import.meta.url)));
await import(process.argv[2] === 'services' ? '../src/services/main.ts' : '../src/main.ts');
nodeModule.flushCompileCache();

function nodeProblem() {
  if (Number(process.versions.node.split('.')[0]) >= MINIMUM_NODE_MAJOR) return undefined;
  return `Tributary needs Node ${MINIMUM_NODE_MAJOR} or later, and this is ${process.version}: start it with "npm start" after "npm ci", which brings one, or install a later Node.`;
}

function dependencyProblem() {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  for (const name of [...Object.keys(dependencies), 'graphql-shield'])
    try {
      import.meta.resolve(name);
    } catch {
      return `The dependency ${name} is not installed: run "npm ci".`;
    }
  return undefined;
}

// Unpatched, both builds import a function that Node no longer has.
function patchProblem() {
  const builds = [
    fileURLToPath(import.meta.resolve('graphql-shield')),
    nodeModule.createRequire(import.meta.url).resolve('graphql-shield'),
  ];
  const unpatched = builds.some((build) =>
    readFileSync(build.replace(/index\.js$/, 'rules.js'), 'utf8').includes('isUndefined'),
  );
  return unpatched
    ? 'The patch to graphql-shield is not in force: run "npx patch-package", or "npm ci" with install scripts allowed.'
    : undefined;
}
