import { badUserInput } from '@tributary/kit';

/** The argument that was given. Throws BAD_USER_INPUT unless it is exactly one; null counts as not given. */
export function exactlyOne<Name extends string>(
  args: Readonly<Partial<Record<Name, string | null>>>,
  names: readonly Name[],
): { name: Name; value: string } {
  const [only, ...others] = names.flatMap((name) => {
    const value = args[name] ?? null;
    return value === null ? [] : [{ name, value }];
  });
  if (only === undefined || others.length > 0)
    throw badUserInput(`Give exactly one of ${names.map((name) => `"${name}"`).join(', ')}.`);
  return only;
}
