import type { Caller } from '../caller/caller.ts';
import { asPersona, NOBODY } from '../caller/caller.ts';
import type { Graph } from '../graph/graph.ts';
import { recipes } from './recipes.ts';
import type { Example } from './workload.ts';

export interface PreparedExample {
  caller: Caller;
  /** Text for the variables editor. */
  variables: string;
  /** What could not be made ready, to be told to the person. */
  notice: string | null;
}

export interface Preparation {
  graph: Pick<Graph, 'ask'>;
  /** Whom things are asked as now; kept where an example's own persona is not there to sign in as. */
  current: Caller;
  personas: readonly string[];
  now: Date;
}

/** Finds caller and variables for an example. Never rejects: what is missing is said in the notice and left null. */
export async function prepareExample(example: Example, preparation: Preparation): Promise<PreparedExample> {
  const { graph, current, personas, now } = preparation;
  const recipe = recipes[example.name];
  const caller = callerFor(recipe?.persona, { current, personas });
  const skeleton = Object.fromEntries(
    example.variables.filter((name) => name.endsWith('!')).map((name) => [name.slice(0, -1), null]),
  );
  try {
    const found = await recipe?.variables?.(async <Data>(operation: string, values?: Record<string, unknown>) => {
      // Opening an example must not write into anybody's real account.
      if (operation.startsWith('mutation') && caller.kind !== 'persona')
        throw new Error('what it needs is saved for development identities only.');
      const { data, errors } = await graph.ask<Data>(caller, operation, values);
      if (data === null || data === undefined) throw new Error(errors?.[0]?.message ?? 'There is no answer.');
      return data;
    }, now);
    const variables = { ...skeleton, ...found };
    const missing = Object.keys(variables).filter((name) => variables[name] === null);
    const notice = missing.length > 0 ? `Give ${missing.join(', ')} a value before you run it.` : null;
    return { caller, variables: textOf(variables), notice };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    return { caller, variables: textOf(skeleton), notice: `Its variables could not be looked up: ${reason}` };
  }
}

function callerFor(
  persona: string | null | undefined,
  { current, personas }: Pick<Preparation, 'current' | 'personas'>,
): Caller {
  if (current.kind === 'token') return current; // whoever brought a token wants to see what it may do
  if (persona === null) return NOBODY;
  return persona !== undefined && personas.includes(persona) ? asPersona(persona) : current;
}

function textOf(variables: Record<string, unknown>): string {
  return Object.keys(variables).length === 0 ? '' : JSON.stringify(variables, null, 2);
}
