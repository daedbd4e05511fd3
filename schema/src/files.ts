import { join } from 'node:path';

// Where the contract lives. Everything hand-written is next to `src/`, everything composed is below `generated/`.

export const contractDirectory = join(import.meta.dirname, '..');

export const routingFile = 'supergraph.yaml';

export const nodesSubgraph = 'nodes';

export const generatedDirectory = 'generated';

export const generatedFiles = {
  nodes: 'generated/nodes.graphql',
  supergraph: 'generated/supergraph.graphql',
  api: 'generated/api.graphql',
  partner: 'generated/partner.graphql',
  accessMap: 'generated/access-map.json',
} as const;
