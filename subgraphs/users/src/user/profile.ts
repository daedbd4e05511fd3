import { checkInput, invalidInput } from '@tributary/kit';
import type { InputCheck } from '@tributary/kit';

import { definedOf } from '../changes.ts';
import type { User } from './user.ts';

/** What a change of a profile may touch. */
export type Profile = Pick<User, 'displayName' | 'phone' | 'locale' | 'supportNotes'>;

export interface ProfileInput {
  displayName?: string | null;
  /** E.164, as the scalar has seen to. */
  phone?: string | null;
  locale?: string | null;
  supportNotes?: string | null;
}

const MAX_NAME = 200;
const MAX_NOTES = 4_000;

/** What the input asks for, as it is stored. Throws all that is wrong with it. */
export function readProfile({ displayName, phone, locale, supportNotes }: ProfileInput): Partial<Profile> {
  const check = checkInput();
  const profile = definedOf<Profile>({
    displayName: check.required(displayName, ['input', 'displayName'], (value) =>
      check.text(value, ['input', 'displayName'], { max: MAX_NAME }),
    ),
    phone: check.clearable(phone, (value) => value),
    locale: check.required(locale, ['input', 'locale'], (value) => readLocale(check, value)),
    supportNotes: check.clearable(supportNotes, (value) =>
      check.text(value, ['input', 'supportNotes'], { max: MAX_NOTES, multiline: true }),
    ),
  });
  check.refuseIfAny();
  return profile;
}

// The scalar knows the rough form; only Intl knows which subtags may stand where, and which spelling is the canonical one.
function readLocale(check: InputCheck, value: string): string {
  try {
    return Intl.getCanonicalLocales(value)[0]!;
  } catch {
    check.add(invalidInput('This is not a BCP 47 language tag.', ['input', 'locale']));
    return value;
  }
}
