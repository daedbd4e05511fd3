import { UnexpectedStatus } from './json-client.ts';
import { isJsonType, UnusableBody } from './read-body.ts';

/** What the head of an answer says about its body. */
export interface AnswerHead {
  status: number;
  contentType: string | string[] | undefined;
  contentEncoding: string | string[] | undefined;
}

/**
 * Why an answer is not read; null for one that is. GraphQL over HTTP answers a request that cannot run with 400 and a GraphQL result;
 * that one is read. Everything else that is not a success is no answer of the graph: a redirect, a proxy that found nobody, a subgraph
 * that refuses our token.
 */
export function problemOf({ status, contentType, contentEncoding }: AnswerHead): Error | null {
  if (status < 200 || (status >= 300 && status !== 400)) return new UnexpectedStatus(status);
  if (!isJsonType(contentType))
    return status === 400 ? new UnexpectedStatus(status) : new UnusableBody('The body is not JSON.');
  if (contentEncoding !== undefined && contentEncoding !== '' && contentEncoding !== 'identity')
    return new UnusableBody('The body is compressed.');
  return null;
}
