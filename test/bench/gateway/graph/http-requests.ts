// Reads kept-alive HTTP/1.1 requests from one connection: bodies with a length or in chunks, and nothing else that HTTP knows. Bodies are
// latin1 text, which costs nothing to make and tells bytes apart all the same.

export interface HttpRequest {
  /** Request line and headers, as they came. */
  head: string;
  path: string;
  body: string;
}

const HEAD_END = '\r\n\r\n';

/** The returned function takes what arrives; `onRequest` is called once for each whole request. */
export function createRequestReader(onRequest: (request: HttpRequest) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    rest += chunk.toString('latin1');
    for (;;) {
      const headEnd = rest.indexOf(HEAD_END);
      if (headEnd === -1) return;
      const head = rest.slice(0, headEnd);
      const body = bodyOf(head, rest, headEnd + HEAD_END.length);
      if (body === null) return;
      rest = rest.slice(body.end);
      onRequest({ head, path: head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/')), body: body.text });
    }
  };
}

/** The body that starts at `start`; null while it is not there as a whole. */
function bodyOf(head: string, all: string, start: number): { text: string; end: number } | null {
  if (/\r\ntransfer-encoding:\s*chunked/i.test(head)) return chunkedBody(all, start);
  const length = Number(/\r\ncontent-length:\s*(\d+)/i.exec(head)?.[1] ?? 0);
  const end = start + length;
  return all.length < end ? null : { text: all.slice(start, end), end };
}

function chunkedBody(all: string, start: number): { text: string; end: number } | null {
  let text = '';
  for (let at = start; ;) {
    const lineEnd = all.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(all.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (all.length < end) return null;
    if (size === 0) return { text, end };
    text += all.slice(lineEnd + 2, end - 2);
    at = end;
  }
}
