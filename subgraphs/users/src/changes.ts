// What an input asks for, compared with what is stored.

/** The object without its undefined fields: what the caller left out. */
export function definedOf<T extends object>(values: { [Name in keyof T]: T[Name] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Names of the fields in which the wish differs from what is stored. */
export function changedFields<Row extends object>(stored: Row, wish: Partial<Row>): (keyof Row & string)[] {
  return (Object.keys(wish) as (keyof Row & string)[]).filter((name) => wish[name] !== stored[name]);
}
