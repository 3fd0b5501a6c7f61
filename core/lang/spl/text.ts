// Literals and names of SPL. The search command quotes odd names with double quotes, where and eval with single quotes.
// https://docs.splunk.com/Documentation/Splunk/latest/Search/Quotes, …/SearchReference/Where
import { Refused } from '../shared/target.ts'

/** A value of the search command, with `*` as wildcard. */
export const searchValue = (text: string): string =>
  /^(?:0|[1-9]\d{0,14})$/.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`

/** A text of where and eval. */
export const evalText = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** A pattern in quotes: only a doubled backslash and a quote need an escape, and `\.` is kept as written. */
export function regexLiteral(pattern: string): string {
  return `"${pattern.replace(/\\\\|\\[\s\S]|"/g, (m) => (m === '\\\\' ? '\\\\\\\\' : m === '\\"' || m === '"' ? '\\"' : m))}"`
}

export const searchName = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_.]*$/.test(name) && !WORDS.has(name.toUpperCase())
    ? name
    : `"${name.replace(/[\\"]/g, '\\$&')}"`

export function evalName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !WORDS.has(name.toUpperCase())) return name
  if (name.includes("'")) throw new Refused(`no form in where and eval of a name with a single quote, ${name}`)
  return `'${name}'`
}

const WORDS = new Set('AND OR NOT XOR IN LIKE BY AS TRUE FALSE NULL WHERE TERM CASE'.split(' '))

/** Three backticks: https://docs.splunk.com/Documentation/Splunk/latest/Search/Comments */
export const comment = (text: string): string => `\`\`\`${text.replace(/`+/g, "'").replace(/\s+/g, ' ').trim()}\`\`\`\n`
