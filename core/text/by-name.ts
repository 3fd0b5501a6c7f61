/**
 * A table whose keys come from outside: queries, rules and logs name what they like, also `constructor` and `__proto__`, which an object
 * answers without having them.
 */
export const byName = <T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null) as Record<string, T>, entries)
