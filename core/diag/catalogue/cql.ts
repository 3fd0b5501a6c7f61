// CQL 1xx: the text is not CQL. 3xx: near-misses, invalid texts whose meaning is clear.
import { code } from '../diagnostic.ts'

const shown = (text: string): string => (text === '' ? 'the end of the query' : `\`${text.replace(/\s+/g, ' ')}\``)

/** An invisible character is shown by its code point. */
const named = (text: string): string =>
  /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)
    ? `the invisible character U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : shown(text)

export const unexpected = code<{ found: string; expected: string; remedy?: string; where: string }>({
  id: 'CQL101',
  slug: 'unexpected',
  severity: 'error',
  title: 'The text does not follow the grammar',
  message: (p) => `found ${shown(p.found)} ${p.where}, expected ${p.expected}`,
  why: '`|` separates the steps of a query: filters, `field := value`, calls, `case { … }`, `field match { … }`.',
  remedy: (p) => p.remedy ?? `write ${p.expected} here, or remove ${shown(p.found)}`,
})

export const unclosed = code<{ open: string; close: string; found: string }>({
  id: 'CQL102',
  slug: 'unclosed',
  severity: 'error',
  title: 'A bracket is never closed',
  message: (p) => `\`${p.open}\` is not closed before ${shown(p.found)}`,
  why: 'Every opening bracket needs a closing one. The end of a line closes nothing.',
  remedy: (p) => `add \`${p.close}\``,
})

export const unopened = code<{ close: string }>({
  id: 'CQL103',
  slug: 'unopened',
  severity: 'error',
  title: 'A closing bracket without an opening one',
  message: (p) => `\`${p.close}\` closes nothing`,
  why: 'Every closing bracket needs an opening one.',
  remedy: (p) => `remove \`${p.close}\`, or add the opening bracket`,
})

export const unterminated = code<{ what: string; close: string }>({
  id: 'CQL104',
  slug: 'unterminated',
  severity: 'error',
  title: 'A string, regex or comment does not end',
  message: (p) => `the ${p.what} does not end`,
  why: 'A string ends with `"`, a block comment with `*/`, a regex with `/` on the same line. Write `\\/` for a slash in a regex.',
  remedy: (p) => `add \`${p.close}\` where the ${p.what} ends`,
})

export const strayCharacter = code<{ text: string }>({
  id: 'CQL105',
  slug: 'stray-character',
  severity: 'error',
  title: 'A character that needs quotes',
  message: (p) => `${named(p.text)} is allowed only inside a string, a regex or a comment`,
  why: 'Names and patterns without quotes have letters, digits and a few signs. Strings need straight double quotes.',
  remedy: (p) =>
    /^[\u201c\u201d\u201e\u201f\u00ab\u00bb]/.test(p.text)
      ? `write straight double quotes: \`"\``
      : `remove ${named(p.text)}, or put the text it belongs to in double quotes`,
})

export const tooDeep = code<{ depth: number }>({
  id: 'CQL106',
  slug: 'too-deep',
  severity: 'error',
  title: 'Brackets are nested too deeply',
  message: (p) => `brackets or operators are nested more than ${p.depth} deep`,
  why: 'The limit keeps the parser from running out of stack. Queries written by hand stay far below it.',
  remedy: () => 'split the query into steps',
})

export const nameNeedsQuotes = code<{ name: string }>({
  id: 'CQL107',
  slug: 'name-needs-quotes',
  severity: 'error',
  title: 'A field name with a special character needs quotes',
  message: (p) => `the field name \`${p.name}\` needs double quotes`,
  why: 'A field name without quotes has only letters, digits and `# % & . @ \\ ^ _`.',
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
