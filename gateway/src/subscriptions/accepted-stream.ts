// What a client takes as an answer, by its Accept header, as far as streams are concerned.

export type StreamKind = 'sse' | 'multipart';

export interface AcceptedStream {
  kind: StreamKind;
  /** The header without the media types of streams; null when nothing else is accepted. */
  otherwise: string | null;
}

/** Null when the client takes no stream. Of several kinds the one that it names first counts. */
export function acceptedStream(accept: string | undefined): AcceptedStream | null {
  if (accept === undefined) return null;
  const ranges = accept.split(',').map((range) => range.trim());
  const kind = ranges.map(kindOf).find((each) => each !== null);
  if (!kind) return null;
  const others = ranges.filter((range) => kindOf(range) === null && range !== '');
  return { kind, otherwise: others.length === 0 ? null : others.join(', ') };
}

/** Whether a header says in so many words that JSON will do. */
export function namesJson(accept: string | null): boolean {
  return accept !== null && /application\/(graphql-response\+)?json/i.test(accept);
}

function kindOf(range: string): StreamKind | null {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  if (parameters.some((each) => /^q=0(\.0*)?$/.test(each))) return null;
  if (type === 'text/event-stream') return 'sse';
  const isSubscription = parameters.some((each) => /^subscriptionspec="?1\.0"?$/.test(each));
  return type === 'multipart/mixed' && isSubscription ? 'multipart' : null;
}
