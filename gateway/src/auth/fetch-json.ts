import { SECOND } from '@tributary/kit/clock';

// Fetches documents of an issuer: keys and discovery. They are small, and an issuer is no more trusted than its certificate.

const TIMEOUT_MS = 5 * SECOND;
const MAX_BYTES = 512 * 1024;

/** The body of a `fetch` answer of status 200, at most 512 KiB. Rejects for everything else; redirects are not followed. */
export async function fetchSmallBody(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`HTTP status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error('The answer is too large.'); // leaving the loop cancels the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

/** The same, parsed. */
export async function fetchSmallJson(url: string): Promise<unknown> {
  return JSON.parse(await fetchSmallBody(url, { accept: 'application/json' }));
}
