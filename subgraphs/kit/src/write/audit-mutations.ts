import { defaultFieldResolver } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';

import type { RequestContext } from '../context.ts';
import { DomainError } from '../errors.ts';
import { tryParseGlobalId } from '../ids.ts';
import { originOf } from './mutation.ts';
import type { MutationOutcome } from './mutation.ts';
import type { AuditEntry } from './writer.ts';

/**
 * Records every mutation that was denied or refused; those that came about record themselves, in their transaction. Strangers are not
 * recorded: whoever has no account could fill the log.
 */
export function auditMutations(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve: GraphQLFieldResolver<unknown, RequestContext> = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args: { input?: { id?: unknown } }, context: RequestContext, info) => {
      try {
        const payload = (await resolve(source, args, context, info)) as MutationOutcome<unknown> | Error;
        // A rule that denies returns its error instead of throwing it.
        if (payload instanceof Error) throw payload;
        const codes = payload.userErrors.map(({ code }) => code);
        if (codes.length > 0) await record(context, { ...entryOf(field.name, args), details: { refused: codes } });
        return payload;
      } catch (error) {
        if (error instanceof DomainError)
          await record(context, { ...entryOf(field.name, args), details: { denied: error.code } });
        throw error;
      }
    };
  }
  return schema;
}

function entryOf(action: string, { input }: { input?: { id?: unknown } }): AuditEntry {
  const id = typeof input?.id === 'string' ? tryParseGlobalId(input.id) : null;
  return { action, object: id && { type: id.type, id: id.uuid } };
}

async function record(context: RequestContext, entry: AuditEntry): Promise<void> {
  if (!context.principal) return;
  try {
    await context.writer.recordRefused(originOf(context), entry);
  } catch (err) {
    // The refusal stands; that nobody wrote it down is for the operator.
    context.logger.error({ err, requestId: context.requestId, action: entry.action }, 'an audit entry was lost');
  }
}
