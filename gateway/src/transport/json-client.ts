import type { OperationKind } from './subgraph-transport.ts';

// What the HTTP transport needs of an HTTP client: POST JSON, get the text of JSON back. Everything else is a failure.

export interface JsonPost {
  headers: Readonly<Record<string, string>>;
  body: string;
  operationKind: OperationKind;
  /** From now to the last byte of the answer. */
  timeoutMs: number;
  /** Nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
}

export interface JsonClient {
  /**
   * Resolves to the text of the answer. Rejects with `PostTimeout`, `PostCanceled`, `UnexpectedStatus`, `UnusableBody`, or the error of
   * the connection. Redirects are not followed.
   */
  post(post: JsonPost): Promise<string>;
  /** Ends all connections, and with them what is in flight. */
  destroy(): Promise<void>;
}

export interface JsonClientOptions {
  /** Where requests are posted to. */
  url: URL;
  /** Bytes of an answer, counted while they arrive. */
  maxAnswerBytes: number;
  maxConnections: number;
  connectTimeoutMs: number;
}

/** The time was up. */
export class PostTimeout extends Error {
  override name = 'PostTimeout';
}

export class PostCanceled extends Error {
  override name = 'PostCanceled';
}

/** The answer is no success. */
export class UnexpectedStatus extends Error {
  override name = 'UnexpectedStatus';
  readonly status: number;
  constructor(status: number) {
    super(`The subgraph answered with HTTP status ${status}.`);
    this.status = status;
  }
}
