import { defaultFieldResolver, getNamedType, isIntrospectionType, isLeafType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { Clock } from './clock.ts';
import type { RequestContext } from './context.ts';
import { deadlineExceeded, domainError } from './errors.ts';
import type { DomainError } from './errors.ts';

// How much one request may resolve. Along a cycle of the schema (product, variants, product, ...) the objects multiply while every
// loader already has its rows: such a request would keep the process busy without ever waiting, and no timer would fire. So the work
// is counted where it is done, and the clock is looked at in between.

export interface WorkBudget {
  /** Takes note of one more field that leads to objects. Throws when the budget or the deadline is over. */
  spend(): void;
  /** Why the work was ended; null while it goes on. */
  readonly ended: DomainError | null;
}

export const costLimit = domainError(
  'COST_LIMIT',
  ({ limit }: { limit: number }) =>
    `The operation leads to more than ${limit} objects. Ask for smaller pages or fewer levels of nested lists.`,
);

/** Far above the largest page of the graph: 100 orders with everything on them take some 3,000. */
export const MAX_WORK = 50_000;
const LOOK_AT_CLOCK_EVERY = 256;

export function createWorkBudget({ clock, deadline }: { clock: Clock; deadline: number }): WorkBudget {
  let spent = 0;
  let ended: DomainError | null = null;
  return {
    get ended() {
      return ended;
    },
    spend() {
      if (ended) throw ended;
      spent += 1;
      if (spent > MAX_WORK) ended = costLimit({ limit: MAX_WORK });
      else if (spent % LOOK_AT_CLOCK_EVERY === 0 && clock.now().getTime() >= deadline) ended = deadlineExceeded();
      if (ended) throw ended;
    },
  };
}

/** Puts the budget of the request in front of every field that leads to objects. Changes the schema it is given. */
export function limitWork(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isLeafType(getNamedType(field.type))) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: RequestContext, info) => {
        context.work.spend();
        return resolve(source, args, context, info);
      };
    }
  }
  return schema;
}
