// What a mutation answers when the input or a business rule stands against it: entries of `userErrors`, with HTTP 200. Whoever may not
// call the mutation at all gets an entry in `errors` instead.

export const USER_ERROR_CODES = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'VERSION_CONFLICT',
  'INVALID_STATE',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_USE',
  'CURRENCY_MISMATCH',
  'AMOUNT_TOO_LARGE',
  'PAYMENT_DECLINED',
  'OUT_OF_STOCK',
  'DISCOUNT_NOT_APPLICABLE',
  'LAST_OWNER',
  'SELF_APPROVAL',
  'LIMIT_EXCEEDED',
  'TOTAL_CHANGED',
] as const;
export type UserErrorCode = (typeof USER_ERROR_CODES)[number];

/** Path to the input field at fault, as in ["input", "lines", "0", "quantity"]. */
export type InputPath = readonly string[];

interface UserErrorBase {
  code: UserErrorCode;
  message: string;
  field: InputPath | null;
}

export type UserError =
  | (UserErrorBase & { __typename: 'InputError' })
  | (UserErrorBase & { __typename: 'VersionConflictError'; currentVersion: number })
  | (UserErrorBase & { __typename: 'StateError'; currentState: string; allowedStates: readonly string[] });

/** Thrown inside a mutation: rolls it back and becomes its `userErrors`. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly userErrors: readonly UserError[];
  constructor(userErrors: readonly UserError[]) {
    super(userErrors.map(({ code, message }) => `${code}: ${message}`).join('; '));
    this.userErrors = userErrors;
  }
}

export function refuse(...userErrors: readonly UserError[]): never {
  throw new Refusal(userErrors);
}

/** Throws the errors together, if there are any. */
export function refuseIfAny(userErrors: readonly UserError[]): void {
  if (userErrors.length > 0) throw new Refusal(userErrors);
}

export const inputError = (code: UserErrorCode, message: string, field: InputPath | null = null): UserError => ({
  __typename: 'InputError',
  code,
  message,
  field,
});

export const invalidInput = (message: string, field: InputPath): UserError =>
  inputError('INVALID_INPUT', message, field);

/** Missing and invisible look alike. */
export const notFoundError = (field: InputPath): UserError =>
  inputError('NOT_FOUND', 'There is no such object, or the caller may not see it.', field);

export const versionConflict = (currentVersion: number): UserError => ({
  __typename: 'VersionConflictError',
  code: 'VERSION_CONFLICT',
  message: `The object changed since it was read; it has version ${currentVersion} now. Read it again, merge, retry.`,
  field: ['input', 'expectedVersion'],
  currentVersion,
});

export const stateError = (
  message: string,
  currentState: string,
  allowedStates: readonly string[],
  field: InputPath | null = null,
): UserError => ({ __typename: 'StateError', code: 'INVALID_STATE', message, field, currentState, allowedStates });
