import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';

import { createEngine, createInProcessTransport, loadSupergraph } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';

import { composeSubgraphs } from './federated-graph.ts';
import { createSubgraph } from './subgraph.ts';
import type { SentFetch, SubgraphDefinition } from './subgraph.ts';

/** What comes of a plan as the planner makes it when nobody guards it; for tests of what the guards are there for. */
export async function answerOfRawPlanner(subgraphs: readonly SubgraphDefinition[], query: string) {
  const sdl = composeSubgraphs(subgraphs);
  const supergraph = loadSupergraph(sdl);
  const raw = Supergraph.buildForTests(sdl, true);
  const document = parse(query);
  const plan = new QueryPlanner(raw).buildQueryPlan(operationFromDocument(raw.apiSchema(), document));
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)!;

  const sent: SentFetch[] = [];
  const transports = new Map(
    subgraphs.map((each) => {
      const subgraph = createSubgraph(each, (fetch) => sent.push(fetch));
      return [each.name, createInProcessTransport(subgraph, { clock: systemClock })] as const;
    }),
  );
  const prepared = createEngine({ supergraph, transports }).prepare({ plan, document, operation });
  const call = { principal: null, requestId: 'raw', deadline: Date.now() + 10_000 };
  const { data, errors } = await prepared.execute({ variables: {}, call });
  return { answer: { data, ...(errors && { errors }) }, sent };
}
