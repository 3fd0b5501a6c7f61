// CQL 1xx: the text is not CQL. 3xx: near-misses, texts that are not CQL but that everybody understands.
import { code } from '../diagnostic.ts'

const shown = (text: string): string => (text === '' ? 'the end of the query' : `\`${text.replace(/\s+/g, ' ')}\``)

/** What nobody sees is told by its number. */
const named = (text: string): string =>
  /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)
    ? `the invisible character U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : shown(text)

export const unexpected = code<{ found: string; expected: string; remedy?: string; where: string }>({
  id: 'CQL101',
  slug: 'unexpected',
  severity: 'error',
  title: 'Something stands where the grammar has no place for it',
  message: (p) => `found ${shown(p.found)} ${p.where}, expected ${p.expected}`,
  why: 'A query is steps separated by `|`: filters, `field := value`, calls, `case { … }`, `field match { … }`.',
  remedy: (p) => p.remedy ?? `write ${p.expected} here, or remove ${shown(p.found)}`,
})

export const unclosed = code<{ open: string; close: string; found: string }>({
  id: 'CQL102',
  slug: 'unclosed',
  severity: 'error',
  title: 'A bracket is never closed',
  message: (p) => `\`${p.open}\` is not closed before ${shown(p.found)}`,
  why: 'Every bracket needs its partner; newlines close nothing.',
  remedy: (p) => `add \`${p.close}\``,
})

export const unopened = code<{ close: string }>({
  id: 'CQL103',
  slug: 'unopened',
  severity: 'error',
  title: 'A closing bracket has no partner',
  message: (p) => `\`${p.close}\` closes nothing`,
  why: 'Every bracket needs its partner.',
  remedy: (p) => `remove \`${p.close}\`, or add the bracket it should close`,
})

export const unterminated = code<{ what: string; close: string }>({
  id: 'CQL104',
  slug: 'unterminated',
  severity: 'error',
  title: 'A string, regex or comment does not end',
  message: (p) => `the ${p.what} does not end`,
  why: 'A string ends with `"`, a regex with `/` on the same line (write `\\/` for a slash in it), a block comment with `*/`.',
  remedy: (p) => `add \`${p.close}\` where the ${p.what} ends`,
})

export const strayCharacter = code<{ text: string }>({
  id: 'CQL105',
  slug: 'stray-character',
  severity: 'error',
  title: 'A character that no unquoted name or pattern may have',
  message: (p) => `${named(p.text)} may only stand inside a string, a regex or a comment`,
  why: 'Unquoted names and patterns have letters, digits and a few signs; strings have straight double quotes.',
  remedy: (p) =>
    /^[“”„‟«»]/.test(p.text)
      ? `write straight double quotes: \`"\``
      : `remove ${named(p.text)}, or put the text it belongs to in double quotes`,
})

export const tooDeep = code<{ depth: number }>({
  id: 'CQL106',
  slug: 'too-deep',
  severity: 'error',
  title: 'Brackets are nested too deeply',
  message: (p) => `brackets or operators are nested more than ${p.depth} deep`,
  why: 'No query written by hand nests that deep; the limit keeps the parser from running out of stack.',
  remedy: () => 'split the query into steps',
})

export const nameNeedsQuotes = code<{ name: string }>({
  id: 'CQL107',
  slug: 'name-needs-quotes',
  severity: 'error',
  title: 'A field name with a special character needs quotes',
  message: (p) => `the field name \`${p.name}\` needs double quotes`,
  why: 'Unquoted field names have letters, digits and `# % & . @ \\ ^ _` only.',
  remedy: (p) => `write "${p.name}"`,
})

export const expressionFilter = code<{ name: string }>({
  id: 'CQL108',
  slug: 'value-is-an-expression',
  severity: 'error',
  title: 'The right side of a filter is a pattern, never an expression',
  message: (p) => `${shown(p.name)} cannot be the value of a filter`,
  why: 'A filter compares a field with a pattern, a string, a regex or a parameter.',
  remedy: () => 'compare two fields or computed values with test(a == b)',
})
