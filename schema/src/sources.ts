import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

import { GraphQLError, Source, parse } from 'graphql';
import type { DocumentNode } from 'graphql';
import { parse as parseYaml } from 'yaml';

import { nodesSubgraph, routingFile } from './files.ts';
import { ContractError } from './contract-error.ts';

// Reads what people write: the routing and the SDL it names.

export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  /** Relative to the contract's directory. */
  readonly file: string;
  readonly document: DocumentNode;
}

export interface ContractSources {
  /** The hand-written subgraphs, in the order of the routing file. */
  readonly subgraphs: readonly SubgraphSource[];
  readonly nodesUrl: string;
}

/** Throws a `ContractError` that lists everything unreadable. */
export function readSources(directory: string): ContractSources {
  const routes = parseRouting(readText(directory, routingFile, 'It lists the subgraphs; restore it.'));
  const nodes = routes.find((route) => route.name === nodesSubgraph);
  if (nodes === undefined) {
    throw new ContractError([
      `${routingFile}: subgraph "${nodesSubgraph}" is missing. Add it with its routing_url; its SDL is generated.`,
    ]);
  }
  const problems: string[] = [];
  const subgraphs: SubgraphSource[] = [];
  for (const route of routes) {
    if (route === nodes) continue;
    try {
      subgraphs.push({ ...route, document: parseSdl(directory, route.file) });
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ContractError(problems);
  return { subgraphs, nodesUrl: nodes.url };
}

interface Route {
  readonly name: string;
  readonly url: string;
  readonly file: string;
}

function parseRouting(text: string): readonly Route[] {
  const subgraphs = property(parseYamlText(text), 'subgraphs');
  if (!isRecord(subgraphs)) {
    throw new ContractError([
      `${routingFile}: "subgraphs" must be a map from a subgraph's name to its routing_url and schema.file.`,
    ]);
  }
  const problems: string[] = [];
  const routes = Object.entries(subgraphs).map(([name, entry]) => {
    const url = property(entry, 'routing_url');
    const file = property(property(entry, 'schema'), 'file');
    if (typeof url !== 'string') problems.push(`${routingFile}: subgraph "${name}" has no routing_url. Add it.`);
    if (typeof file !== 'string') problems.push(`${routingFile}: subgraph "${name}" has no schema.file. Add it.`);
    return { name, url: String(url), file: normalize(String(file)) };
  });
  if (problems.length > 0) throw new ContractError(problems);
  return routes;
}

function parseYamlText(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new ContractError([`${routingFile}: ${messageOf(error)} Correct the YAML.`], { cause: error });
  }
}

function parseSdl(directory: string, file: string): DocumentNode {
  const text = readText(directory, file, `Create it or correct schema.file in ${routingFile}.`);
  try {
    return parse(new Source(text, file));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [location] = error.locations ?? [];
    const place = location === undefined ? file : `${file}:${location.line}:${location.column}`;
    throw new ContractError([`${place}: ${error.message} Correct the SDL.`], { cause: error });
  }
}

function readText(directory: string, file: string, whatToDo: string): string {
  try {
    return readFileSync(join(directory, file), 'utf8');
  } catch (error) {
    throw new ContractError([`${file}: cannot be read (${messageOf(error)}). ${whatToDo}`], { cause: error });
  }
}

function property(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
