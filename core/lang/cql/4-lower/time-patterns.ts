// Patterns of Java's DateTimeFormatter, as parseTimestamp() uses them, to % directives.

const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:y{4}|u{4}|y|u)$/, '%Y'],
  [/^(?:yy|uu)$/, '%y'],
  [/^M{4,}$/, '%B'],
  [/^M{3}$/, '%b'],
  [/^M{1,2}$/, '%m'],
  [/^d{1,2}$/, '%d'],
  [/^D+$/, '%j'],
  [/^E{4,}$/, '%A'],
  [/^E{1,3}$/, '%a'],
  [/^H{1,2}$/, '%H'],
  [/^[hK]{1,2}$/, '%I'],
  [/^m{1,2}$/, '%M'],
  [/^s{1,2}$/, '%S'],
  [/^S{1,3}$/, '%L'],
  [/^S{4,6}$/, '%f'],
  [/^S{7,9}$/, '%N'],
  [/^a$/, '%p'],
  [/^[ZXx]{1,5}$/, '%z'],
]

const ISO = [
  '%Y-%m-%dT%H:%M:%S.%N%z',
  '%Y-%m-%dT%H:%M:%S.%f%z',
  '%Y-%m-%dT%H:%M:%S.%L%z',
  '%Y-%m-%dT%H:%M:%S%z',
  '%Y-%m-%dT%H:%M:%S.%L',
  '%Y-%m-%dT%H:%M:%S',
]

/** Patterns to try in order; undefined: not expressible. An optional part in brackets gives one pattern with it and one without. */
export function strftimeOf(format: string): string[] | undefined {
  if (/^iso-?8601$/i.test(format)) return ISO
  const optional = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(format)
  if (optional) {
    const [, before = '', inside = '', after = ''] = optional
    const all = [strftimeOf(`${before}${inside}${after}`), strftimeOf(`${before}${after}`)]
    return all.every((a) => a !== undefined) ? all.flat().filter((a) => a !== undefined) : undefined
  }
  let out = ''
  for (const [token] of format.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g)) {
    if (token.startsWith("'")) out += token === "''" ? "'" : token.slice(1, -1).replace(/''/g, "'").replace(/%/g, '%%')
    else if (/^[A-Za-z]/.test(token)) {
      const found = LETTERS.find(([letters]) => letters.test(token))
      if (!found) return undefined
      out += found[1]
    } else out += token.replace(/%/g, '%%')
  }
  return [out]
}
