import type { GraphQLResolveInfo } from 'graphql';

import type { RequestContext } from '../context.ts';
import { forbidden, unauthenticated } from '../errors.ts';

// The vocabulary of a subgraph's `permissions.ts`: one entry for every field of every object type. A field without an entry stops
// the start; so does an entry for something that is not an object type or not a field.

/** Whether the caller may have the field of this parent. May load data; throwing means "no", reported as unavailable. */
export type Check<Context extends RequestContext = RequestContext, Parent = unknown> = (
  context: Context,
  parent: Parent,
  args: Readonly<Record<string, unknown>>,
  info: GraphQLResolveInfo,
) => boolean | Promise<boolean>;

export type PermissionRule =
  /** Everybody, also anonymous callers. */
  | { kind: 'public' }
  /** What the contract's own directives demand, and nothing more. A field without such a directive stops the start. */
  | { kind: 'contract' }
  /** Nobody: a field that other subgraphs own and this one only names. */
  | { kind: 'closed' }
  /** Denial is an error: UNAUTHENTICATED without a caller, else FORBIDDEN. */
  | { kind: 'required'; name: string; check: Check }
  /** Denial is a silent null, for fields that are described as "null unless". */
  | { kind: 'hidden'; name: string; check: Check };

/**
 * A type whose objects hold no rights of their own, such as an amount, an address or a page: whoever was given the object has seen
 * its parent. Its fields are public and are left out of the middleware, which makes long lists much cheaper.
 */
export const VALUE_TYPE = Symbol('value type');

export type Permissions = Readonly<Record<string, typeof VALUE_TYPE | Readonly<Record<string, PermissionRule>>>>;

export const everyone: PermissionRule = { kind: 'public' };
export const asContract: PermissionRule = { kind: 'contract' };
export const nobody: PermissionRule = { kind: 'closed' };

export function required<Context extends RequestContext, Parent>(
  name: string,
  check: Check<Context, Parent>,
): PermissionRule {
  return { kind: 'required', name, check: check as Check };
}

export function hiddenUnless<Context extends RequestContext, Parent>(
  name: string,
  check: Check<Context, Parent>,
): PermissionRule {
  return { kind: 'hidden', name, check: check as Check };
}

/** Any caller that has signed in: persons, clients and services. */
export const signedIn: PermissionRule = required('signed in', (context) => context.principal !== null);

/** The same rule for several fields. */
export function fields<const Name extends string>(
  rule: PermissionRule,
  names: readonly Name[],
): Record<Name, PermissionRule> {
  return Object.fromEntries(names.map((name) => [name, rule])) as Record<Name, PermissionRule>;
}

/** True when one of the checks is; they are asked in order, and the first yes ends it. */
export function anyOf<Context extends RequestContext, Parent>(
  ...checks: readonly Check<Context, Parent>[]
): Check<Context, Parent> {
  return async (context, parent, args, info) => {
    for (const check of checks) if (await check(context, parent, args, info)) return true;
    return false;
  };
}

/** The refusal a caller gets for a required rule. */
export const refusal = (context: RequestContext) => (context.principal === null ? unauthenticated() : forbidden());
