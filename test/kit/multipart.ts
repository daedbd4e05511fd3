import { invariant } from '@tributary/kit/invariant';

// Reads an answer in parts the way the usual clients do: what stands between two boundaries is headers, an empty line, and JSON.

export interface FormattedError {
  message: string;
  path?: readonly (string | number)[];
  extensions: Record<string, unknown>;
}

export interface DeferredPart {
  data: unknown;
  path: readonly (string | number)[];
  label?: string;
  errors?: readonly FormattedError[];
}

export interface MultipartPart {
  data?: unknown;
  errors?: readonly FormattedError[];
  incremental?: readonly DeferredPart[];
  hasNext: boolean;
}

/** Each part as soon as the boundary after it is there. Throws for a body that ends before its last boundary. */
export async function* readMultipart(response: Response): AsyncGenerator<MultipartPart, void> {
  const [, boundary] =
    /^multipart\/mixed;.*boundary="?([^";]+)"?/.exec(response.headers.get('content-type') ?? '') ?? [];
  invariant(boundary !== undefined && response.body, 'The answer has no parts.');
  const delimiter = `\r\n--${boundary}`;
  const decoder = new TextDecoder();
  let text = '';
  let isPreamble = true;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter)) {
      // Whether it is the last one is told by what follows.
      if (text.length < end + delimiter.length + 2) break;
      const part = text.slice(0, end);
      text = text.slice(end + delimiter.length);
      if (!isPreamble) yield parsePart(part);
      isPreamble = false;
      if (text.startsWith('--')) return;
    }
  }
  throw new Error('The answer ended before its last part.');
}

/** All parts of an answer. */
export async function allParts(response: Response): Promise<readonly MultipartPart[]> {
  const parts: MultipartPart[] = [];
  for await (const part of readMultipart(response)) parts.push(part);
  return parts;
}

function parsePart(part: string): MultipartPart {
  const [head = '', ...body] = part.replace(/^\r\n/, '').split('\r\n\r\n');
  invariant(/^content-type: application\/json/i.test(head), `A part has the headers "${head}".`);
  return JSON.parse(body.join('\r\n\r\n')) as MultipartPart;
}

/** The answer that all parts make together, put together as clients do it. */
export function mergeParts(parts: readonly MultipartPart[]): { data: unknown; errors: readonly FormattedError[] } {
  const [initial, ...later] = parts;
  const whole = { data: structuredClone(initial?.data) };
  const errors = [...(initial?.errors ?? [])];
  for (const { data, path, errors: more = [] } of later.flatMap(({ incremental = [] }) => incremental)) {
    let target: unknown = whole.data;
    for (const step of path) target = (target as Record<string | number, unknown>)[step];
    invariant(typeof target === 'object' && target !== null, `There is nothing at ${path.join('.')}.`);
    if (data !== null) mergeDeep(target as Record<string, unknown>, data as Record<string, unknown>);
    errors.push(...more);
  }
  return { data: whole.data, errors };
}

function mergeDeep(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(source)) {
    const existing = target[name];
    if (typeof existing === 'object' && existing !== null && typeof value === 'object' && value !== null)
      mergeDeep(existing as Record<string, unknown>, value as Record<string, unknown>);
    else target[name] = value;
  }
}
