// JSON for comparing and for keys.

/** JSON in which integers (bigint) are written as texts such as "12n", so that equal texts mean equal values. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))
