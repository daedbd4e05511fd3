import { Refusal } from '@tributary/kit';

/** Code and path of each user error that the call throws. */
export function refusalOf(call: () => unknown): [code: string, path: string | null][] {
  try {
    call();
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]);
  }
}
