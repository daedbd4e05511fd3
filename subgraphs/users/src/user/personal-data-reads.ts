import { hasRole, userIdOf } from '@tributary/kit';
import type { RequestContext } from '@tributary/kit';

import type { User } from './user.ts';

/** Fields of a person whose reading by staff leaves a trace. */
export type PersonalField = 'email' | 'emailVerified' | 'phone' | 'addresses';

/**
 * Notes that staff read personal data of somebody else. All reads of one operation become one log line, written after the answer;
 * it holds ids and field names, never values.
 */
export function notePersonalDataRead(context: RequestContext, field: PersonalField, user: Pick<User, 'id'>): void {
  const { principal } = context;
  if (!hasRole(principal, 'SUPPORT', 'FINANCE', 'ADMIN') || userIdOf(principal) === user.id) return;
  const reads = context.memo('personal data reads', () => startNotes(context));
  reads.set(field, (reads.get(field) ?? new Set()).add(user.id));
}

function startNotes(context: RequestContext): Map<PersonalField, Set<string>> {
  const notes = new Map<PersonalField, Set<string>>();
  context.afterExecution(() => {
    const { logger, requestId, principal } = context;
    const reads = [...notes].map(([field, ids]) => ({ field, userIds: [...ids] }));
    logger.info({ requestId, principalId: userIdOf(principal), reads }, 'personal data read');
  });
  return notes;
}
