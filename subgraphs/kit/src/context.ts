import type { Sql } from 'sql-template-tag';

import type { Walls } from './access/walls.ts';
import type { Clock } from './clock.ts';
import type { CursorCodec } from './connection/cursor.ts';
import { deadlineExceeded, unavailable } from './errors.ts';
import type { Logger } from './logger.ts';
import type { Principal } from './principal.ts';
import type { ChangeStream } from './subscription/change-stream.ts';
import { createWorkBudget } from './work-budget.ts';
import type { WorkBudget } from './work-budget.ts';
import type { Writer } from './write/writer.ts';

/** Reads within one request. Throws DEADLINE_EXCEEDED instead of starting a statement nobody waits for. */
export interface RequestReader {
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** Counting queries have a small time budget of their own; `null` means the budget ran out. */
export interface CountReader {
  query<Row>(statement: Sql): Promise<Row[] | null>;
}

/** What every resolver of every subgraph finds in its context. A subgraph adds its loaders to it. */
export interface RequestContext {
  readonly principal: Principal | null;
  readonly requestId: string;
  /** W3C trace context of the request; null when the caller sent none. */
  readonly traceparent: string | null;
  readonly deadline: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly walls: Walls;
  readonly cursors: CursorCodec;
  readonly db: RequestReader;
  readonly counts: CountReader;
  /** For mutations; see `mutate`. */
  readonly writer: Writer;
  readonly work: WorkBudget;
  /** For `Subscription` fields: changes of a subject (UUID) from now on. Throws UNAVAILABLE where or while nothing can be followed. */
  follow(subject: string): Promise<ChangeStream>;
  /** Makes a value once per request and key. */
  memo<T>(key: string, make: () => T): T;
  /** Runs `task` when the operation has been executed, whatever came of it; for what nobody should wait for, such as log lines. */
  afterExecution(task: () => void): void;
}

/** The context as the one who executes the operation holds it. */
export interface OwnedRequestContext extends RequestContext {
  /** Runs what was left for afterwards. Never throws. */
  finish(): void;
}

export interface RequestContextParts {
  principal: Principal | null;
  requestId: string;
  traceparent: string | null;
  deadline: number;
  clock: Clock;
  logger: Logger;
  walls: Walls;
  cursors: CursorCodec;
  read: <Row>(statement: Sql) => Promise<Row[]>;
  count: <Row>(statement: Sql) => Promise<Row[] | null>;
  writer: Writer;
  /** Left out: there is nothing to follow. */
  follow?: (subject: string) => Promise<ChangeStream>;
}

export function createRequestContext({ read, count, follow, ...parts }: RequestContextParts): OwnedRequestContext {
  const memos = new Map<string, unknown>();
  const tasks: (() => void)[] = [];
  const beforeDeadline =
    <Row>(run: (statement: Sql) => Promise<Row>) =>
    async (statement: Sql): Promise<Row> => {
      if (parts.clock.now().getTime() >= parts.deadline) throw deadlineExceeded();
      return run(statement);
    };
  return {
    ...parts,
    db: { query: beforeDeadline(read) as RequestReader['query'] },
    counts: { query: beforeDeadline(count) as CountReader['query'] },
    work: createWorkBudget(parts),
    follow: follow ?? (() => Promise.reject(unavailable())),
    memo<T>(key: string, make: () => T): T {
      if (!memos.has(key)) memos.set(key, make());
      return memos.get(key) as T;
    },
    afterExecution: (task) => void tasks.push(task),
    finish() {
      for (const task of tasks.splice(0)) {
        try {
          task();
        } catch (err) {
          parts.logger.error({ err, requestId: parts.requestId }, 'a task after the operation failed');
        }
      }
    },
  };
}
