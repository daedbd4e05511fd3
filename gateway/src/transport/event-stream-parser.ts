import { UnusableBody } from './read-body.ts';

// The format of server-sent events (HTML, section 9.2.6), as far as GraphQL uses it: event types and data.

export interface ServerSentEvent {
  type: string;
  data: string;
}

/** Takes the bytes as they arrive and gives the events that are complete. Throws `UnusableBody`, also for an event above `maxEventBytes`. */
export function createEventStreamParser({
  maxEventBytes,
}: {
  maxEventBytes: number;
}): (chunk: Uint8Array) => readonly ServerSentEvent[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = ''; // the beginning of a line
  let endedWithReturn = false; // the line feed of a CR LF may be the first byte of the next chunk
  let type = '';
  let data: string[] = [];
  let size = 0;

  const decode = (chunk: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw new UnusableBody('The events are not UTF-8.', { cause: error });
    }
  };
  const grow = (by: number) => {
    size += by;
    if (size > maxEventBytes) throw new UnusableBody('An event is too large.');
  };

  function takeLine(line: string): ServerSentEvent | null {
    if (line === '') {
      const event = data.length === 0 && type === '' ? null : { type: type || 'message', data: data.join('\n') };
      type = '';
      data = [];
      size = 0;
      return event;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null; // a comment keeps the connection alive
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') type = value;
    if (field === 'data') {
      grow(value.length);
      data.push(value);
    }
    return null;
  }

  return (chunk) => {
    let text = decode(chunk);
    if (endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    if (text !== '') endedWithReturn = text.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    const events = lines.map(takeLine).filter((event) => event !== null);
    if (size + rest.length > maxEventBytes) throw new UnusableBody('An event is too large.');
    return events;
  };
}
