import type { IncrementalResult } from './execution/plan-executor.ts';

// Apollo Server takes one result from a gateway. So a request that may be answered in parts is registered under its context before it is
// executed, which gives the initial result the usual way, and the rest is kept here until Apollo Server is about to send it.

export interface IncrementalAnswers {
  /** This request may be answered in parts: somebody will take what `put` keeps. */
  expect(context: object): void;
  isExpected(context: object): boolean;
  put(context: object, rest: LaterParts): void;
  /** Null when it was answered as a whole. */
  take(context: object): LaterParts | null;
}

export type LaterParts = Pick<IncrementalResult, 'later'>;

export function createIncrementalAnswers(): IncrementalAnswers {
  const answers = new WeakMap<object, LaterParts | null>();
  return {
    expect: (context) => void answers.set(context, null),
    isExpected: (context) => answers.has(context),
    put: (context, rest) => void answers.set(context, rest),
    take: (context) => answers.get(context) ?? null,
  };
}
