import { UnusableBody } from '../read-body.ts';

// Reads one HTTP/1.1 response out of the bytes of a connection: a body with a length, in chunks, or up to the end of the connection.
// Most responses arrive as a whole, and then nothing is copied before the text is made.

export interface ResponseHead {
  status: number;
  /** By lower-case name; of a header that comes several times the last one. */
  headers: ReadonlyMap<string, string>;
}

/** The peer does not keep to HTTP/1.1. */
export class BrokenResponse extends Error {
  override name = 'BrokenResponse';
}

export interface ResponseReader {
  /**
   * Takes bytes as they arrive; `bytes` may be used again by the caller afterwards. True when the response is complete. Throws
   * `BrokenResponse`, `UnusableBody` for a body that is too large, and whatever `onHead` throws.
   */
  read(bytes: Buffer): boolean;
  /** The connection ended. True when that completes the response. */
  end(): boolean;
  /** The body, once it is complete. */
  text(): string;
  /** Whether the connection may carry another request. */
  isReusable(): boolean;
  head(): ResponseHead | null;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 32 * 1024;
const MAX_CHUNK_LINE_BYTES = 1024;

/** `length` counts down to the end of the body or of the chunk at hand. */
type Framing =
  | { kind: 'length'; left: number }
  | { kind: 'chunks'; left: number; at: 'size' | 'data' | 'data end' | 'trailer' }
  | { kind: 'close' };

export function createResponseReader({
  maxBodyBytes,
  onHead,
}: {
  maxBodyBytes: number;
  onHead: (head: ResponseHead) => void;
}): ResponseReader {
  let head: ResponseHead | null = null;
  let framing: Framing = { kind: 'close' };
  let kept: Buffer = Buffer.alloc(0); // bytes that mean nothing yet
  const parts: Buffer[] = [];
  let bodyBytes = 0;
  let body: string | null = null;
  let hasSurplus = false;

  function take(part: Buffer): void {
    bodyBytes += part.length;
    if (bodyBytes > maxBodyBytes) throw new UnusableBody('The body is too large.');
    parts.push(Buffer.from(part));
  }

  function readHead(bytes: Buffer): Buffer | null {
    const end = bytes.indexOf(HEAD_END);
    if (end === -1) {
      if (bytes.length > MAX_HEAD_BYTES) throw new BrokenResponse('The head of the response is too large.');
      kept = Buffer.from(bytes);
      return null;
    }
    const parsed = parseHead(bytes.toString('latin1', 0, end));
    const rest = bytes.subarray(end + HEAD_END.length);
    if (parsed.status >= 100 && parsed.status < 200) return rest.length === 0 ? null : readHead(rest);
    head = parsed;
    framing = framingOf(parsed);
    if (framing.kind === 'length' && framing.left > maxBodyBytes) {
      onHead(parsed);
      throw new UnusableBody('The body is too large.');
    }
    onHead(parsed);
    return rest;
  }

  function readBody(bytes: Buffer): boolean {
    if (framing.kind === 'length') return readLength(bytes, framing);
    if (framing.kind === 'chunks') return readChunks(bytes, framing);
    if (bytes.length > 0) take(bytes);
    return false;
  }

  function readLength(bytes: Buffer, lengthFraming: { left: number }): boolean {
    const { left } = lengthFraming;
    if (bytes.length > left) hasSurplus = true;
    if (bytes.length >= left && parts.length === 0) {
      body = bytes.toString('utf8', 0, left);
      return true;
    }
    take(bytes.subarray(0, left));
    lengthFraming.left = Math.max(0, left - bytes.length);
    return lengthFraming.left === 0;
  }

  function readChunks(all: Buffer, chunk: Extract<Framing, { kind: 'chunks' }>): boolean {
    let bytes = all;
    while (bytes.length > 0) {
      if (chunk.at === 'data') {
        const part = bytes.subarray(0, chunk.left);
        take(part);
        chunk.left -= part.length;
        bytes = bytes.subarray(part.length);
        if (chunk.left === 0) chunk.at = 'data end';
        continue;
      }
      const lineEnd = bytes.indexOf('\r\n');
      if (lineEnd === -1) {
        if (bytes.length > MAX_CHUNK_LINE_BYTES) throw new BrokenResponse('A line between chunks is too long.');
        kept = Buffer.from(bytes);
        return false;
      }
      const line = bytes.toString('latin1', 0, lineEnd);
      bytes = bytes.subarray(lineEnd + 2);
      if (chunk.at === 'data end') {
        if (line !== '') throw new BrokenResponse('A chunk is longer than it says.');
        chunk.at = 'size';
      } else if (chunk.at === 'trailer') {
        if (line !== '') continue;
        hasSurplus = bytes.length > 0;
        return true;
      } else {
        chunk.left = chunkSize(line);
        chunk.at = chunk.left === 0 ? 'trailer' : 'data';
      }
    }
    return false;
  }

  return {
    read(arrived) {
      let bytes = arrived;
      if (kept.length > 0) {
        bytes = Buffer.concat([kept, arrived]);
        kept = Buffer.alloc(0);
      }
      if (head !== null) return readBody(bytes);
      const rest = readHead(bytes);
      return rest === null ? false : readBody(rest);
    },
    end: () => head !== null && framing.kind === 'close',
    text: () => body ?? (parts.length === 1 ? parts[0]! : Buffer.concat(parts, bodyBytes)).toString('utf8'),
    isReusable: () =>
      !hasSurplus && framing.kind !== 'close' && head?.headers.get('connection')?.toLowerCase() !== 'close',
    head: () => head,
  };
}

function parseHead(text: string): ResponseHead {
  const firstEnd = text.indexOf('\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(firstEnd === -1 ? text : text.slice(0, firstEnd)) ?? [];
  if (status === undefined) throw new BrokenResponse('The response does not begin with a status line.');
  const headers = new Map<string, string>();
  for (let start = firstEnd; start !== -1;) {
    const from = start + 2;
    const end = text.indexOf('\r\n', from);
    const colon = text.indexOf(':', from);
    if (colon === -1 || (end !== -1 && colon > end)) throw new BrokenResponse('A header has no name.');
    const name = text.slice(from, colon).toLowerCase();
    const value = text.slice(colon + 1, end === -1 ? undefined : end).trim();
    if (name === 'content-length' && headers.has(name) && headers.get(name) !== value)
      throw new BrokenResponse('The response has two lengths.');
    headers.set(name, value);
    start = end;
  }
  return { status: Number(status), headers };
}

function framingOf({ status, headers }: ResponseHead): Framing {
  if (status === 204 || status === 304) return { kind: 'length', left: 0 };
  const encoding = headers.get('transfer-encoding');
  const length = headers.get('content-length');
  if (encoding !== undefined) {
    // With both, the two ends of a connection may disagree about where the response ends.
    if (length !== undefined || encoding.toLowerCase() !== 'chunked')
      throw new BrokenResponse('The body is framed in a way that is not supported.');
    return { kind: 'chunks', left: 0, at: 'size' };
  }
  if (length === undefined) return { kind: 'close' };
  if (!/^\d{1,15}$/.test(length)) throw new BrokenResponse('The length of the body is no number.');
  return { kind: 'length', left: Number(length) };
}

function chunkSize(line: string): number {
  const [, size] = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(line) ?? [];
  if (size === undefined) throw new BrokenResponse('The size of a chunk is no number.');
  return Number.parseInt(size, 16);
}
