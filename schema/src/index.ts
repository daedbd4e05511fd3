import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAccessMap } from './access-map.ts';
import type { AccessMap } from './access-map.ts';
import { contractDirectory, generatedFiles } from './files.ts';

// What other workspaces may read of the contract. Nothing here composes: the files are committed, and `npm run compose` makes them.

export { parseAccessMap } from './access-map.ts';
export type { AccessMap, AccessRule } from './access-map.ts';

export type SubgraphName = 'users' | 'orders' | 'billing' | 'nodes';

/** The SDL a subgraph serves, federation directives included. */
export function subgraphSdl(name: SubgraphName): string {
  return readContractFile(name === 'nodes' ? generatedFiles.nodes : `${name}.graphql`);
}

/** The composed whole, for the gateway. */
export function supergraphSdl(): string {
  return readContractFile(generatedFiles.supergraph);
}

/** The schema as clients see it. */
export function apiSdl(): string {
  return readContractFile(generatedFiles.api);
}

/** The part of the API schema that partners see. */
export function partnerSdl(): string {
  return readContractFile(generatedFiles.partner);
}

/** What each object field asks of the caller. Throws when it was not made from the supergraph that lies next to it. */
export function accessMap(): AccessMap {
  return parseAccessMap(readContractFile(generatedFiles.accessMap), supergraphSdl());
}

/** The operations of the demo and benchmark workload, as one document. */
export function workloadDocument(): string {
  return readContractFile('operations.graphql');
}

function readContractFile(file: string): string {
  return readFileSync(join(contractDirectory, file), 'utf8');
}
