import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { isIntrospectionType, isObjectType } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { allow, deny, rule as shieldRule, shield } from 'graphql-shield';
import type { IRules } from 'graphql-shield';

import type { RequestContext } from '../context.ts';
import { DomainError, forbidden, unavailable } from '../errors.ts';
import { meetsRequirement } from './access-map.ts';
import type { AccessRequirement, AccessRequirements } from './access-map.ts';
import { refusal, VALUE_TYPE } from './permissions.ts';
import type { PermissionRule, Permissions } from './permissions.ts';

// Puts the rules of `permissions.ts`, joined with the requirements of the contract's access map, in front of every resolver. Rules
// sit on object types, because a rule on a root field, an interface or a union says nothing about the same object reached another
// way. `_service` and `_entities` are opened here: only the gateway's internal token gets that far, and what `_entities` returns is
// guarded by the rules of the types behind it.

const FEDERATION_FIELDS: Permissions = {
  Query: { _service: { kind: 'public' }, _entities: { kind: 'public' } },
  _Service: { sdl: { kind: 'public' } },
};

/** Returned by a rule, turned into a silent null by the outermost middleware; never reaches a client. */
const HIDDEN = new Error('hidden');

/** Rules and schema do not fit. The message names every gap, one line each. */
export class PermissionsError extends Error {
  override name = 'PermissionsError';
}

/** Throws `PermissionsError` when a field has no rule, or a rule no field. */
export function guardSchema(
  schema: GraphQLSchema,
  permissions: Permissions,
  requirements: AccessRequirements,
): GraphQLSchema {
  const complete = withFederationFields(schema, permissions);
  assertCovered(schema, complete, requirements);
  const rules: Record<string, Record<string, unknown>> = {};
  const unveil: Record<string, Record<string, FieldMiddleware>> = {};
  for (const [type, entry] of Object.entries(complete)) {
    if (entry === VALUE_TYPE) continue;
    for (const [field, rule] of Object.entries(entry)) {
      (rules[type] ??= {})[field] = toShieldRule(rule, requirements[`${type}.${field}`]);
      if (rule.kind === 'hidden') (unveil[type] ??= {})[field] = hiddenAsNull;
    }
  }
  const guard = shield(rules as IRules, {
    fallbackRule: deny,
    // Errors of resolvers pass through; the subgraph's own error catalog masks what is not meant to be seen.
    allowExternalErrors: true,
    fallbackError: () => forbidden(),
  });
  const guarded = applyMiddleware(schema, unveil, guard);
  guardSubscriptions(schema, guarded, complete, requirements);
  return withoutGuardOnValues(schema, guarded, complete);
}

type FieldMiddleware = (
  resolve: GraphQLFieldResolver<unknown, RequestContext>,
  ...call: Parameters<GraphQLFieldResolver<unknown, RequestContext>>
) => Promise<unknown>;

const hiddenAsNull: FieldMiddleware = async (resolve, ...call) => {
  const result: unknown = await resolve(...call);
  return result === HIDDEN ? null : result;
};

function toShieldRule(rule: PermissionRule, requirement: AccessRequirement | undefined) {
  if (rule.kind === 'closed') return deny;
  if (rule.kind === 'public' && !requirement) return allow;
  return shieldRule({ cache: 'no_cache' })(toVerdict(rule, requirement));
}

/** True, or why not. */
type Verdict = (...call: Parameters<GraphQLFieldResolver<unknown, RequestContext>>) => Promise<true | Error>;

function toVerdict(rule: PermissionRule, requirement: AccessRequirement | undefined): Verdict {
  return async (parent, args: Record<string, unknown>, context, info) => {
    if (rule.kind === 'closed') return refusal(context);
    if (requirement && !meetsRequirement(context.principal, requirement)) return refusal(context);
    if (rule.kind === 'public' || rule.kind === 'contract') return true;
    try {
      if (await rule.check(context, parent, args, info)) return true;
    } catch (error) {
      // An outage inside a rule keeps the door shut but must not look like a missing right.
      if (error instanceof DomainError) return error;
      context.logger.error({ err: error, requestId: context.requestId, rule: rule.name }, 'a permission rule failed');
      return unavailable();
    }
    return rule.kind === 'hidden' ? HIDDEN : refusal(context);
  };
}

/**
 * The middleware wraps `resolve` only, which runs for each event: a subscription that is denied would start all the same. So the rule
 * stands in front of `subscribe` as well, where a denial is never silent.
 */
function guardSubscriptions(
  original: GraphQLSchema,
  guarded: GraphQLSchema,
  permissions: Permissions,
  requirements: AccessRequirements,
): void {
  for (const [name, { subscribe }] of Object.entries(original.getSubscriptionType()?.getFields() ?? {})) {
    const entry = permissions.Subscription;
    if (entry === undefined || entry === VALUE_TYPE || !subscribe)
      throw new PermissionsError(`"Subscription.${name}" has no permission rule, or nothing that starts it.`);
    const verdict = toVerdict(entry[name]!, requirements[`Subscription.${name}`]);
    guarded.getSubscriptionType()!.getFields()[name]!.subscribe = async (
      parent,
      args,
      context: RequestContext,
      info,
    ) => {
      const found = await verdict(parent, args, context, info);
      if (found !== true) throw found === HIDDEN ? refusal(context) : found;
      return subscribe(parent, args, context, info);
    };
  }
}

function withFederationFields(schema: GraphQLSchema, permissions: Permissions): Permissions {
  const complete: Record<string, Permissions[string]> = { ...permissions };
  for (const [type, entry] of Object.entries(FEDERATION_FIELDS)) {
    const present = objectFields(schema, type) ?? [];
    const own = permissions[type];
    const added = Object.entries(entry as Record<string, PermissionRule>).filter(([field]) => present.includes(field));
    if (added.length > 0) complete[type] = { ...(own === VALUE_TYPE ? {} : own), ...Object.fromEntries(added) };
  }
  return complete;
}

/** Throws, naming every gap, when a field has no rule, a rule has no field, or a rule relies on a directive that is not there. */
function assertCovered(schema: GraphQLSchema, permissions: Permissions, requirements: AccessRequirements): void {
  const problems: string[] = [];
  for (const [type, entry] of Object.entries(permissions)) {
    const known = objectFields(schema, type);
    if (!known) problems.push(`"${type}" has rules but is not an object type of this subgraph.`);
    else if (entry !== VALUE_TYPE)
      for (const [field, { kind }] of Object.entries(entry)) {
        if (!known.includes(field)) problems.push(`"${type}.${field}" has a rule but is not a field.`);
        else if (kind === 'contract' && !requirements[`${type}.${field}`])
          problems.push(`"${type}.${field}" relies on the contract, which demands nothing of its callers.`);
      }
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    const entry = permissions[type.name];
    if (entry === VALUE_TYPE) continue;
    for (const field of Object.keys(type.getFields()))
      if (!entry?.[field]) problems.push(`"${type.name}.${field}" has no permission rule.`);
  }
  if (problems.length > 0)
    throw new PermissionsError(
      `The permissions do not cover the schema:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
    );
}

function objectFields(schema: GraphQLSchema, type: string): string[] | null {
  const found = schema.getType(type);
  return isObjectType(found) ? Object.keys(found.getFields()) : null;
}

function withoutGuardOnValues(
  original: GraphQLSchema,
  guarded: GraphQLSchema,
  permissions: Permissions,
): GraphQLSchema {
  for (const [name, entry] of Object.entries(permissions)) {
    const [from, to] = [original.getType(name), guarded.getType(name)];
    if (entry !== VALUE_TYPE || !isObjectType(from) || !isObjectType(to)) continue;
    for (const [field, { resolve }] of Object.entries(from.getFields())) {
      const target = to.getFields()[field]!;
      if (resolve) target.resolve = resolve;
      else delete target.resolve;
    }
  }
  return guarded;
}
