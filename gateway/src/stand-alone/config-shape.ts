// Describes a config file once: the same description reads the file, names every problem in it, and lists what the documentation
// has to say. A value that is missing or null is the default.

/** One line of the documentation. */
export interface SettingRow {
  /** Path of the setting, as in `limits.depth` or `subgraphs.<name>.url`. */
  setting: string;
  fallback: string;
  meaning: string;
}

export interface Setting<T> {
  /** Never throws: what is wrong goes to `problem`, and then nobody uses the result. */
  read(value: unknown, at: string, problem: (text: string) => void): T;
  describe(at: string): readonly SettingRow[];
}

/** What a setting reads to. */
export type Read<S> = S extends Setting<infer T> ? T : never;

type Plain = string | number | boolean | readonly string[] | null | undefined;

interface Documented {
  /** For the documentation. */
  meaning: string;
  /** How the documentation names the default, where its value alone would not tell. */
  fallbackText?: string;
}

/** A whole number. Text that is one counts as well: that is what a variable of the environment brings. */
export function whole<T extends number | null>({
  min,
  max,
  fallback,
  ...documented
}: Documented & { min: number; max: number; fallback: T }): Setting<number | T> {
  return {
    read(value, at, problem) {
      if (isMissing(value)) return fallback;
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      if (Number.isSafeInteger(number) && (number as number) >= min && (number as number) <= max)
        return number as number;
      problem(`${at} must be a whole number from ${min} to ${max}${instead(value)}.`);
      return fallback;
    },
    describe: describeWith(fallback, documented),
  };
}

export function flag({ fallback, ...documented }: Documented & { fallback: boolean }): Setting<boolean> {
  return {
    read(value, at, problem) {
      if (isMissing(value)) return fallback;
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      problem(`${at} must be true or false${instead(value)}.`);
      return fallback;
    },
    describe: describeWith(fallback, documented),
  };
}

export function oneOf<T extends string>({
  values,
  fallback,
  ...documented
}: Documented & { values: readonly T[]; fallback: T }): Setting<T> {
  return {
    read(value, at, problem) {
      if (isMissing(value)) return fallback;
      const found = values.find((each) => each === value);
      if (found === undefined) problem(`${at} must be one of ${values.join(', ')}${instead(value)}.`);
      return found ?? fallback;
    },
    describe: describeWith(fallback, documented),
  };
}

export interface TextOptions<T> extends Documented {
  fallback: T;
  /** What is wrong with the text, as the end of a sentence that begins with the setting; undefined when nothing is. */
  check?: (text: string) => string | undefined;
}

/** Text. Its value is not repeated in problems: it may be a secret. */
export function text<T extends string | undefined>({
  fallback,
  check,
  ...documented
}: TextOptions<T>): Setting<string | T> {
  return {
    read(value, at, problem) {
      if (isMissing(value)) return fallback;
      const reason = typeof value === 'string' && value !== '' ? check?.(value) : 'must be text';
      if (reason !== undefined) problem(`${at} ${reason}.`);
      return value as string;
    },
    describe: describeWith(fallback, documented),
  };
}

/** Text that has to be there. */
export function requiredText(options: Omit<TextOptions<string>, 'fallback'>): Setting<string> {
  const optional = text({ ...options, fallback: undefined });
  return {
    read(value, at, problem) {
      if (isMissing(value)) problem(`${at} is required.`);
      return optional.read(value, at, problem) ?? '';
    },
    describe: describeWith('required', { fallbackText: 'required', ...options }),
  };
}

export function listOfText<T extends readonly string[] | undefined>({
  fallback,
  check,
  ...documented
}: TextOptions<T>): Setting<readonly string[] | T> {
  const item = requiredText({ ...documented, ...(check && { check }) });
  return {
    read(value, at, problem) {
      if (isMissing(value)) return fallback;
      if (Array.isArray(value)) return value.map((each, index) => item.read(each, `${at}[${index}]`, problem));
      problem(`${at} must be a list.`);
      return fallback;
    },
    describe: describeWith(fallback, documented),
  };
}

/** Settings below a name. Names that are not described are problems. */
export function section<Shape extends Readonly<Record<string, Setting<unknown>>>>(
  shape: Shape,
): Setting<{ readonly [Name in keyof Shape]: Read<Shape[Name]> }> {
  const place = (at: string, name: string) => (at === '' ? name : `${at}.${name}`);
  return {
    read(value, at, problem) {
      const given = isMissing(value) ? {} : value;
      if (!isObject(given)) problem(`${at || 'The file'} must hold settings${instead(given)}.`);
      const values = isObject(given) ? given : {};
      for (const name of Object.keys(values))
        if (!Object.hasOwn(shape, name)) problem(`There is no setting ${place(at, name)}.`);
      const read = Object.entries(shape).map(([name, setting]) => [
        name,
        setting.read(Object.hasOwn(values, name) ? values[name] : undefined, place(at, name), problem),
      ]);
      return Object.fromEntries(read) as { [Name in keyof Shape]: Read<Shape[Name]> };
    },
    describe: (at) => Object.entries(shape).flatMap(([name, setting]) => setting.describe(place(at, name))),
  };
}

/** A section for each name that the file gives. `check` looks at the names. */
export function namedEach<T>(
  setting: Setting<T>,
  check?: (name: string) => string | undefined,
): Setting<ReadonlyMap<string, T>> {
  return {
    read(value, at, problem) {
      if (isMissing(value)) return new Map();
      if (!isObject(value)) {
        problem(`${at} must hold settings by name${instead(value)}.`);
        return new Map();
      }
      return new Map(
        Object.entries(value).map(([name, each]) => {
          const reason = check?.(name);
          if (reason !== undefined) problem(`${at}.${name} ${reason}.`);
          return [name, setting.read(each, `${at}.${name}`, problem)];
        }),
      );
    },
    describe: (at) => setting.describe(`${at}.<name>`),
  };
}

/** A list of sections. */
export function listOf<T>(setting: Setting<T>): Setting<readonly T[]> {
  return {
    read(value, at, problem) {
      if (isMissing(value)) return [];
      if (Array.isArray(value)) return value.map((each, index) => setting.read(each, `${at}[${index}]`, problem));
      problem(`${at} must be a list.`);
      return [];
    },
    describe: (at) => setting.describe(`${at}[]`),
  };
}

function describeWith(fallback: Plain, { meaning, fallbackText }: Documented): Setting<unknown>['describe'] {
  const isNothing = isMissing(fallback) || (Array.isArray(fallback) && fallback.length === 0);
  const named = fallbackText ?? (isNothing ? 'none' : `\`${String(fallback)}\``);
  return (at) => [{ setting: at, fallback: named, meaning }];
}

function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was found. Text is not repeated: it may be a secret in the wrong place. */
function instead(value: unknown): string {
  if (Array.isArray(value)) return ', not a list';
  if (typeof value === 'number' || typeof value === 'boolean') return `, not ${String(value)}`;
  return typeof value === 'string' ? '' : ', not a section';
}
