import type { OperationTypeNode } from 'graphql';

import type { CancelSignal } from '@tributary/kit/cancellation';
import { hasRole } from '@tributary/kit/principal';
import type { Principal } from '@tributary/kit/principal';

/** What is known about one request. It is made when the request arrives and filled in on the way; the log line is written from it. */
export interface RequestRecord {
  readonly requestId: string;
  /** W3C trace context that goes along to the subgraphs and into the events that come of the request. */
  readonly traceparent: string;
  readonly startedAt: number;
  /** Moment by which the answer has to be there, in milliseconds since 1970. */
  readonly deadline: number;
  /** Aborted when the client leaves before it has its answer. */
  readonly signal: CancelSignal;
  /** Headers of the client that are passed on. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Undefined until the caller is known: nobody may be told more than an anonymous caller. */
  principal: Principal | null | undefined;
  operationName: string | null;
  operationType: OperationTypeNode | null;
  /** Points the operation was counted at; null when it was refused before. */
  cost: number | null;
  /** Codes of the errors that were answered. */
  readonly errorCodes: Set<string>;
  /** Lets go of the result, which Apollo Server keeps as long as it keeps the request; called when the answer has been sent. */
  forgetResult: (() => void) | null;
  /** Events that were sent; null for what is no subscription. */
  events: number | null;
}

/** What Apollo Server and its plugins find as the context of an operation. */
export interface GatewayContext {
  /** Apollo Server copies the context, so what changes lives one level deeper. */
  readonly record: RequestRecord;
}

/** Staff may know which subgraph an error comes from. */
export function isStaff(principal: Principal | null | undefined): boolean {
  return principal !== undefined && hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN');
}

/** Who called, as far as logs may tell: the kind of caller and an id, nothing personal. */
export function principalForLog(principal: Principal | null | undefined): { type: string; id?: string } {
  if (!principal) return { type: principal === null ? 'anonymous' : 'unknown' };
  switch (principal.type) {
    case 'user':
      return { type: 'user', id: principal.userId };
    case 'client':
      return { type: 'client', id: principal.clientId };
    case 'service':
      return { type: 'service', id: principal.service };
  }
}
