import { refuse, sqlStateOf } from '@tributary/kit';
import type { UserError } from '@tributary/kit';

const UNIQUE_VIOLATION = '23505';

/** For `catch`: refuses a value that the named constraint found to be in use, also by a rival that was faster; passes on any other error. */
export const refuseIfTaken =
  (constraint: string, refusal: UserError) =>
  (error: unknown): never => {
    if (sqlStateOf(error) === UNIQUE_VIOLATION && (error as { constraint?: unknown }).constraint === constraint)
      refuse(refusal);
    throw error;
  };
