import type { Dispatcher } from 'undici';

/** The body of an answer is not what was asked for; the message says in which way, and nothing of its contents. */
export class UnusableBody extends Error {
  override name = 'UnusableBody';
}

const JSON_TYPES = ['application/json', 'application/graphql-response+json'];

/** Reads a JSON body of at most `maxBytes`, counted while they arrive. Throws `UnusableBody` for anything else. */
export async function readJsonBody(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  maxBytes: number,
): Promise<unknown> {
  try {
    if (!isJsonType(headers['content-type'])) throw new UnusableBody('The body is not JSON.');
    const encoding = headerText(headers['content-encoding']).trim();
    if (encoding !== '' && encoding !== 'identity') throw new UnusableBody('The body is compressed.');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw new UnusableBody('The body is too large.');
      chunks.push(chunk);
    }
    return parseJson(Buffer.concat(chunks, length).toString('utf8'));
  } finally {
    discardBody(body); // when it was not read to the end, its connection cannot be used again
  }
}

/** Lets go of a body that nobody reads. Its stream reports that as an error, which would end the process if nobody listened. */
export function discardBody(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy();
}

/** Whether a content type is one of JSON. */
export function isJsonType(contentType: string | string[] | undefined): boolean {
  const [mediaType] = headerText(contentType).split(';');
  return JSON_TYPES.includes(mediaType?.trim().toLowerCase() ?? '');
}

/** Throws `UnusableBody`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableBody('The body is broken JSON.', { cause: error instanceof SyntaxError ? undefined : error });
  }
}

function headerText(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}
