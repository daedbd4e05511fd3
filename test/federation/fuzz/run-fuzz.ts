import { prettyFormatQueryPlan } from '@apollo/query-planner';

import { compareAnswers } from './compare.ts';
import { createFuzzGraph } from './graph.ts';
import type { Answers, FuzzGraph } from './graph.ts';
import { generateOperation } from './generate-operation.ts';
import type { GeneratedOperation } from './generate-operation.ts';
import { knownDifferences, knownRefusals } from './known-differences.ts';
import { createRandom } from './random.ts';
import { shrinkOperation } from './shrink-operation.ts';

// Asks generated supergraphs generated operations, and reports what nobody has a reason for.

export interface FuzzReport {
  supergraphs: number;
  operations: number;
  /** Answers with errors. */
  withErrors: number;
  /** How often each known difference showed. */
  known: Map<string, number>;
  failures: string[];
}

export interface FuzzPlan {
  /** Of the first supergraph; the others follow in steps of two. */
  seed: number;
  supergraphs: number;
  operationsEach: number;
  /** Ends early rather than fill the screen. */
  maxFailures?: number;
}

/** Supergraphs of even seeds have fields that fail; those of odd seeds have none. */
export async function runFuzz({ seed, supergraphs, operationsEach, maxFailures = 5 }: FuzzPlan): Promise<FuzzReport> {
  const report: FuzzReport = { supergraphs: 0, operations: 0, withErrors: 0, known: new Map(), failures: [] };
  for (let modelSeed = seed; report.supergraphs < supergraphs; modelSeed += 2) {
    const graph = createFuzzGraph(modelSeed, { withErrors: modelSeed % 2 === 0 });
    if (!graph) continue;
    report.supergraphs += 1;
    const random = createRandom(modelSeed);
    for (let index = 0; index < operationsEach; index += 1) {
      const operation = generateOperation(graph.supergraph.apiSchema, random);
      const found = await check(graph, operation);
      report.operations += 1;
      if (found.hasErrors) report.withErrors += 1;
      if (found.known !== undefined) report.known.set(found.known, (report.known.get(found.known) ?? 0) + 1);
      if (found.problem === undefined) continue;
      report.failures.push(await explain(graph, operation, `Seed ${modelSeed}, operation ${index}`));
      if (report.failures.length >= maxFailures) return report;
    }
  }
  return report;
}

interface Checked {
  hasErrors: boolean;
  /** Why a difference is none of the engine's. */
  known?: string;
  /** What is wrong. */
  problem?: string;
}

async function check(graph: FuzzGraph, operation: GeneratedOperation): Promise<Checked> {
  let answers: Answers;
  try {
    answers = await graph.ask(operation);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known = knownRefusals.find((each) => {
      return each.message.test(message) && (each.matches?.({ graph, operation }) ?? true);
    })?.reason;
    return { hasErrors: false, ...(known === undefined ? { problem: `It threw: ${message}` } : { known }) };
  }
  const hasErrors = answers.plain.errors !== undefined;
  const differences = compareAnswers(answers);
  if (differences.length === 0) return { hasErrors };
  const known = knownDifferences.find(({ matches }) => matches({ graph, operation, answers, differences }))?.reason;
  if (known !== undefined) return { hasErrors, known };
  const lines = differences.map(({ kind, ours, theirs }) => {
    return `${kind}\n  ours:   ${JSON.stringify(ours)}\n  theirs: ${JSON.stringify(theirs)}`;
  });
  const { ours, plain } = answers;
  lines.push(`errors\n  ours:   ${JSON.stringify(ours.errors)}\n  theirs: ${JSON.stringify(plain.errors)}`);
  lines.push(prettyFormatQueryPlan(answers.plan));
  return { hasErrors, problem: lines.join('\n') };
}

/** The failure with as small an operation as still shows it, and everything that is needed to understand it. */
async function explain(graph: FuzzGraph, operation: GeneratedOperation, title: string): Promise<string> {
  const isWrong = async (smaller: GeneratedOperation) => (await check(graph, smaller)).problem !== undefined;
  const smallest = await shrinkOperation(operation, { schema: graph.supergraph.apiSchema, isWrong });
  const { problem } = await check(graph, smallest);
  const sdls = [...graph.sdls].map(([name, sdl]) => `# ${name}\n${sdl}`);
  return [title, smallest.text, JSON.stringify(smallest.variables), problem, ...sdls].join('\n');
}
