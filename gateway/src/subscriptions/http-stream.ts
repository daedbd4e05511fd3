import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

import { SECOND } from '@tributary/kit/clock';

import type { ClientStream } from './client-stream.ts';
import type { Heartbeats } from './heartbeats.ts';
import { StreamEnded } from './stream-ended.ts';
import type { StreamFormat } from './stream-formats.ts';

// Writes a subscription into the body of an answer. One event is on its way at a time; what comes meanwhile waits in the stream's queue.

/** Time for a client that was too slow to take what tells it so. */
const GRACE_MS = 5 * SECOND;

export interface HttpStream {
  response: ServerResponse;
  format: StreamFormat;
  heartbeats: Heartbeats;
}

/** Resolves when the answer is over, in whatever way. */
export async function sendStream(stream: ClientStream, { response, format, heartbeats }: HttpStream): Promise<void> {
  response.on('close', () => void stream.return());
  const stopBeating = beatWhileOpen(response, { format, heartbeats });
  try {
    response.write(format.begin);
    await sendEvents(stream, { response, format });
  } finally {
    stopBeating();
  }
}

async function sendEvents(
  stream: ClientStream,
  { response, format }: Pick<HttpStream, 'response' | 'format'>,
): Promise<void> {
  try {
    for await (const { text } of stream) {
      if (response.destroyed) return;
      if (!response.write(format.event(text))) await untilDrained(response);
    }
    endStream(response, format.end(null));
  } catch (error) {
    if (!(error instanceof StreamEnded)) throw error;
    endStream(response, format.end(error.errors));
  }
}

/** Ends the answer of a client that does not read: what is left may still be taken for a moment. */
export function cutStream(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), GRACE_MS);
  response.once('close', () => clearTimeout(timer));
}

function endStream(response: ServerResponse, text: string): void {
  if (response.destroyed) return;
  response.end(text);
}

async function untilDrained(response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    if (!response.destroyed) await once(response, 'drain', { signal: gone.signal });
  } catch {
    // The client is gone; the stream ends by that.
  } finally {
    response.off('close', leave);
  }
}

// A client that has taken nothing between two heartbeats is stuck, and nothing tells whether it is still there.
function beatWhileOpen(
  response: ServerResponse,
  { format, heartbeats }: Pick<HttpStream, 'format' | 'heartbeats'>,
): () => void {
  let stuck = 0;
  return heartbeats.add(() => {
    if (response.writableEnded || response.destroyed) return;
    if (!response.writableNeedDrain) {
      stuck = 0;
      response.write(format.heartbeat);
      return;
    }
    stuck += 1;
    if (stuck > 1) response.destroy();
  });
}
