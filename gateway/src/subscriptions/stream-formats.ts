import type { GraphQLFormattedError } from 'graphql';

import type { StreamKind } from './accepted-stream.ts';

/** How events are written into the body of an answer. */
export interface StreamFormat {
  contentType: string;
  begin: string;
  /** `text`: a result as JSON. */
  event: (text: string) => string;
  heartbeat: string;
  /** `errors`: the subscription did not complete. */
  end: (errors: readonly GraphQLFormattedError[] | null) => string;
}

const nextEvent = (text: string) => `event: next\ndata: ${text}\n\n`;
// Without a line of data a browser would not tell of the event.
const COMPLETE = 'event: complete\ndata:\n\n';

/** GraphQL over SSE, distinct connections. The protocol knows no errors beside results, so the last result has them. */
const sse: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  begin: ':\n\n',
  event: nextEvent,
  heartbeat: ':\n\n',
  end: (errors) => (errors === null ? '' : nextEvent(JSON.stringify({ errors }))) + COMPLETE,
};

// A part is read when the next boundary is there, so each is followed by one.
const part = (body: string) => `\r\ncontent-type: application/json\r\n\r\n${body}\r\n---`;

/** Apollo's multipart protocol for subscriptions: results in `payload`; errors beside it say that the stream itself has failed. */
const multipart: StreamFormat = {
  contentType: 'multipart/mixed;boundary="-";subscriptionSpec=1.0',
  begin: '\r\n---',
  event: (text) => part(`{"payload":${text}}`),
  heartbeat: part('{}'),
  end: (errors) => `${errors === null ? '' : part(JSON.stringify({ payload: null, errors }))}--\r\n`,
};

export const streamFormats: Readonly<Record<StreamKind, StreamFormat>> = { sse, multipart };
