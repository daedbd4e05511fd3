import type { QueryPlan } from '@apollo/query-planner';
import { execute, Kind } from 'graphql';
import type { ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';

import { createEngine, createInProcessTransport, createStockExecutor, loadSupergraph } from '@tributary/gateway';
import type { PlanExecutor, Supergraph } from '@tributary/gateway';
import { createAnswerTexts } from '@tributary/gateway/answer-texts';
import { factsOf, variantFor } from '@tributary/gateway/planning/operation-variants';
import { planOperation } from '@tributary/gateway/planning/plan-operation';
import { createLogger, systemClock } from '@tributary/kit';
import { invariant } from '@tributary/kit/invariant';

import { compose } from './compose-model.ts';
import { createFuzzSubgraph } from './fuzz-subgraph.ts';
import { generateModel } from './generate-model.ts';
import type { GeneratedOperation } from './generate-operation.ts';
import type { Model } from './model.ts';
import { printSubgraphs } from './print-subgraphs.ts';
import { createTurns } from './turns.ts';
import { createWorld, findField } from './world.ts';
import type { Thing, World } from './world.ts';

// A generated supergraph that can be asked in three ways: through our engine, through the stock executor with the same plan, and
// as if it were one plain schema.

export interface Answer {
  data?: Readonly<Record<string, unknown>> | null;
  errors?: readonly { message: string; path?: readonly (string | number)[] | undefined }[];
}

export interface Answers {
  ours: Answer;
  stock: Answer;
  plain: Answer;
  plan: QueryPlan;
}

export interface FuzzGraph {
  model: Model;
  sdls: ReadonlyMap<string, string>;
  supergraph: Supergraph;
  ask(operation: GeneratedOperation): Promise<Answers>;
}

/** Null when the model that belongs to the seed cannot be composed. */
export function createFuzzGraph(seed: number, { withErrors }: { withErrors: boolean }): FuzzGraph | null {
  const model = generateModel(seed);
  const sdls = printSubgraphs(model);
  const composed = compose(sdls);
  if (!('sdl' in composed)) return null;
  const supergraph = loadSupergraph(composed.sdl);
  const world = createWorld(model, { withErrors: withErrors && !model.promisesVary });
  const turns = createTurns();
  const transports = new Map(
    [...sdls].map(([name, sdl]) => [
      name,
      createInProcessTransport(createFuzzSubgraph(name, { sdl, model, world, turns }), { clock: systemClock }),
    ]),
  );
  const answerTexts = createAnswerTexts();
  const ours = createEngine({ supergraph, transports, answerTexts });
  const stock = createStockExecutor({ supergraph, transports });
  let requests = 0;
  const logger = createLogger({ level: 'silent', name: 'fuzz' });

  return {
    model,
    sdls,
    supergraph,
    async ask(generated) {
      const { document, operationName, variables } = generated;
      const operation = document.definitions.find(
        (each): each is OperationDefinitionNode =>
          each.kind === Kind.OPERATION_DEFINITION && each.name?.value === operationName,
      );
      invariant(operation, 'The document has no such operation.');
      const facts = factsOf(supergraph, { document, operation });
      const call = () => ({ principal: null, requestId: String((requests += 1)), deadline: Date.now() + 60_000 });
      const variant = await variantFor(facts, { variables, call: call() }, { logger });
      const planned = planOperation(supergraph, { facts, variant });
      const run = (executor: PlanExecutor) => executor.prepare(planned).execute({ variables, call: call() });
      const requestId = String((requests += 1));
      const turn = () => turns.next(requestId);
      return {
        plan: planned.plan,
        ours: JSON.parse(answerTexts.textOf(await run(ours))) as Answer, // as it is sent
        stock: await run(stock),
        plain: await askPlain(supergraph.apiSchema, { generated, model, world, turn }),
      };
    },
  };
}

async function askPlain(
  schema: GraphQLSchema,
  { generated, model, world, turn }: { generated: GeneratedOperation; model: Model; world: World; turn: () => number },
): Promise<Answer> {
  const { document, operationName, variables } = generated;
  const result: ExecutionResult = await execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    typeResolver: (value) => (value as Thing).type,
    fieldResolver: (source: Thing | undefined, args: Record<string, unknown>, _context, { fieldName, parentType }) => {
      if (parentType === schema.getQueryType()) return world.rootValueOf(model.query.get(fieldName)!, args, turn);
      if (parentType === schema.getMutationType()) return world.rootValueOf(model.mutation.get(fieldName)!, args, turn);
      return world.valueOf(source!, findField(model, source!.type, fieldName)!, args);
    },
  });
  return result;
}
