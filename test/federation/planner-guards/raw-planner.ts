import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';

import { createEngine, createInProcessTransport, loadSupergraph } from '@tributary/gateway';
import { systemClock } from '@tributary/kit/clock';

import { compose, createSubgraph } from '../../kit/subgraph-source.ts';
import type { SubgraphSources } from '../../kit/subgraph-source.ts';

/** What comes of a plan as the planner makes it when nobody guards it; for tests of what the guards are there for. */
export async function answerOfRawPlanner(subgraphs: SubgraphSources, query: string) {
  const sdl = compose(subgraphs);
  const supergraph = loadSupergraph(sdl);
  const raw = Supergraph.buildForTests(sdl, true);
  const document = parse(query);
  const plan = new QueryPlanner(raw).buildQueryPlan(operationFromDocument(raw.apiSchema(), document));
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)!;

  const transports = new Map(
    Object.entries(subgraphs).map(([name, source]) => [
      name,
      createInProcessTransport(createSubgraph(name, source, []), { clock: systemClock }),
    ]),
  );
  const prepared = createEngine({ supergraph, transports }).prepare({ plan, document, operation });
  const call = { principal: null, requestId: 'raw', deadline: Date.now() + 10_000 };
  const { data, errors } = await prepared.execute({ variables: {}, call });
  return { data, ...(errors && { errors }) };
}
