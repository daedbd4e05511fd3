import type { Federation } from '../../kit/federation.ts';
import { allParts, readMultipart } from '../../kit/multipart.ts';
import type { MultipartPart } from '../../kit/multipart.ts';

const ACCEPT = 'multipart/mixed;deferSpec=20220824, application/json';

export interface Asking {
  variables?: Readonly<Record<string, unknown>>;
  accept?: string;
  signal?: AbortSignal;
}

export function send(
  { url }: Pick<Federation, 'url'>,
  query: string,
  { variables, accept = ACCEPT, signal }: Asking = {},
) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query, variables }),
    ...(signal && { signal }),
  });
}

/** The parts of an answer, each as soon as it arrives. */
export async function* askInParts(
  graph: Pick<Federation, 'url'>,
  query: string,
  asking?: Asking,
): AsyncGenerator<MultipartPart, void> {
  yield* readMultipart(await send(graph, query, asking));
}

export async function askForParts(...question: Parameters<typeof send>): Promise<readonly MultipartPart[]> {
  return allParts(await send(...question));
}

/** What the next part brings. */
export async function nextOf(parts: AsyncGenerator<MultipartPart, void>): Promise<MultipartPart> {
  const { value, done } = await parts.next();
  if (done) throw new Error('There is no further part.');
  return value;
}
