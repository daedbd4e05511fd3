import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph as ApolloSupergraph } from '@apollo/federation-internals';
import type { Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

import { readAccessRequirements, withoutFeatures } from './authorization/access-requirements.ts';
import type { AccessRequirements } from './authorization/access-requirements.ts';
import { createAuthorization } from './authorization/authorization.ts';
import type { Authorization } from './authorization/authorization.ts';
import { readCostRules } from './cost/cost-rules.ts';
import { createCostCounter } from './cost/operation-cost.ts';
import type { CostedOperation } from './cost/operation-cost.ts';
import { readLinkedFeatures } from './linked-features.ts';
import type { LinkedFeature } from './linked-features.ts';
import { addExecutableDirectives, readDirectiveDefaults } from './planning/executable-directives.ts';
import type { DirectiveDefaults } from './planning/executable-directives.ts';
import { readOverrideLabels } from './planning/override-labels.ts';
import type { OverrideLabels } from './planning/override-labels.ts';
import { keepShorterWays } from './planning/partial-types.ts';
import { separateRequiredCalls } from './planning/required-calls.ts';
import type { RequiredCalls } from './planning/required-calls.ts';
import { reservedNamesOf } from './planning/reserved-names.ts';
import { resolvableKeysFirst } from './planning/resolvable-keys.ts';

// Loads and checks the supergraph. Apollo's planner refuses a supergraph with access directives, because it does not enforce them.
// So it gets a copy without them, while the requirements themselves are kept aside and belong to the same document: `authorization/`
// takes out of an operation what its caller may not have, before it is planned.

/** A supergraph that can be served. */
export interface Supergraph {
  /** What was loaded, unchanged. */
  sdl: string;
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** The same in the form Apollo's planner works with. */
  plannerApiSchema: Schema;
  /** With the federation directives; the executor looks up types in it. */
  fullSchema: GraphQLSchema;
  /** Plans what `planning/` makes of an operation; its plans are not to be run as they are. */
  planner: QueryPlanner;
  /** Calls that the planner takes for fields. */
  requiredCalls: RequiredCalls;
  directiveDefaults: DirectiveDefaults;
  /** Response names that the planner needs itself. */
  reservedNames: ReadonlySet<string>;
  overrideLabels: OverrideLabels;
  subgraphs: readonly { name: string; url: string }[];
  access: AccessRequirements;
  authorization: Authorization;
  /** Points that an operation may cost. */
  costOf: (operation: CostedOperation) => number;
}

/** The supergraph cannot be served; the message says why. */
export class SupergraphError extends Error {
  override name = 'SupergraphError';
}

const SPECS = 'https://specs.apollo.dev';
const KEPT_ASIDE = [`${SPECS}/authenticated`, `${SPECS}/requiresScopes`, `${SPECS}/policy`];
const KEPT_ASIDE_VERSION = 'v0.1';
// Beyond what Apollo's gateway honors. `@context` is carried out by the engine, `@cost` by the limits; a tag for caches asks nothing of
// who does not cache. Connectors are subgraphs that are no GraphQL servers, and nobody here could call them.
const ALSO_HONORED = [`${SPECS}/context/v0.1`, `${SPECS}/cost/v0.1`, `${SPECS}/cacheTag/v0.1`];
const HONORED = new Set([...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, ...ALSO_HONORED]);

/** Throws a `SupergraphError` for anything that is not a supergraph, or that asks for a feature nobody would honor. */
export function loadSupergraph(sdl: string): Supergraph {
  const document = parseSdl(sdl);
  const features = readLinkedFeatures(document);
  refuseUnknownFeatures(features);
  const aside = features.filter(({ identity }) => KEPT_ASIDE.includes(identity));
  const federated = resolvableKeysFirst(withoutFeatures(document, aside));
  const { document: plannerDocument, calls } = separateRequiredCalls(federated);
  const supergraph = build(federated);
  const forPlanner = calls.fields.size === 0 ? supergraph : buildUnchecked(plannerDocument);
  for (const each of new Set([supergraph, forPlanner])) addExecutableDirectives(each.apiSchema(), each.schema);
  const apiSchema = supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true });
  const access = readAccessRequirements(document, aside);
  const planner = new QueryPlanner(forPlanner, { incrementalDelivery: { enableDefer: true } });
  keepShorterWays(planner);
  return {
    sdl,
    apiSchema,
    plannerApiSchema: forPlanner.apiSchema(),
    fullSchema: supergraph.schema.toGraphQLJSSchema(),
    planner,
    requiredCalls: calls,
    directiveDefaults: readDirectiveDefaults(apiSchema),
    reservedNames: reservedNamesOf(plannerDocument),
    overrideLabels: readOverrideLabels(federated, apiSchema),
    subgraphs: [...supergraph.subgraphsMetadata()].map(({ name, url }) => ({ name, url })),
    access,
    authorization: createAuthorization(access, apiSchema),
    costOf: createCostCounter({ schema: apiSchema, rules: readCostRules(document) }),
  };
}

function parseSdl(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    throw new SupergraphError('The supergraph is not a GraphQL document.', { cause: error });
  }
}

function refuseUnknownFeatures(features: readonly LinkedFeature[]): void {
  const refused = features.filter(({ identity, url, purpose }) => {
    if (purpose === null) return false;
    if (KEPT_ASIDE.includes(identity)) return !url.endsWith(`/${KEPT_ASIDE_VERSION}`);
    return !HONORED.has(url);
  });
  if (refused.length === 0) return;
  const names = refused.map(({ url, purpose }) => `${url} (for ${purpose})`).join(', ');
  throw new SupergraphError(`The supergraph uses a feature that this gateway does not honor: ${names}.`);
}

function build(document: DocumentNode): ApolloSupergraph {
  try {
    const supergraph = ApolloSupergraph.build(document, { supportedFeatures: HONORED, validateSupergraph: true });
    supergraph.subgraphs(); // the planner takes them out of it, and they are checked then
    return supergraph;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new SupergraphError(`The supergraph cannot be used: ${reason}`, { cause: error });
  }
}

// What the calls were made of is checked already. Without them a field may seem to be named for no reason, which a check would refuse.
function buildUnchecked(document: DocumentNode): ApolloSupergraph {
  return ApolloSupergraph.build(document, { supportedFeatures: HONORED, validateSupergraph: false });
}
