// Literals and names of ES|QL. https://www.elastic.co/docs/reference/query-languages/esql/esql-syntax: `"…"` with `\\ \" \n \r \t`,
// `"""…"""` in which a backslash is itself.

import { byName } from '../../text/by-name.ts'

export function textLiteral(text: string): string {
  const raw = text.includes('\\') && !text.includes('"""') && !text.endsWith('"') && !/[\x00-\x1f]/.test(text)
  return raw ? `"""${text}"""` : plainLiteral(text)
}

/** For whole values: a path reads better with its backslashes doubled than between six quotes. */
export const plainLiteral = (text: string): string => `"${text.replace(/[\\"\n\r\t]/g, (c) => `\\${LETTERS[c]}`)}"`
const LETTERS: Readonly<Record<string, string>> = byName({ '\n': 'n', '\r': 'r', '\t': 't', '"': '"', '\\': '\\' })

/** Parts between dots that are no identifiers, or words of the grammar, go in backticks, which are doubled inside. */
export const nameText = (name: string): string =>
  name
    .split('.')
    .map((p) =>
      /^(?:[A-Za-z]|[_@][A-Za-z0-9_])[A-Za-z0-9_]*$/.test(p) && !WORDS.has(p.toLowerCase())
        ? p
        : `\`${p.replaceAll('`', '``')}\``,
    )
    .join('.')

const WORDS = new Set(
  'and or not in like rlike is null true false asc desc by as on with first last where nulls metadata'.split(' '),
)

export const comment = (text: string): string => `// ${text.replace(/\s+/g, ' ').trim()}\n`
