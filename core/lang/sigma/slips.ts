// Slips of the keyboard that YAML takes: a lost colon, bar, quote or blank makes another text of a value or key.
import { isScalar, type Node, Scalar } from 'yaml'

interface Slip {
  readonly problem: string
  readonly remedy: string
}

const GLUED = /^(.*\w)[. ]?(?:contains|startswith|endswith|base64offset|windash|cidr)$/

/** `Image.endswith`, `Imageendswith`: the field and modifier as they were meant. */
export function lostBar(field: string): string | undefined {
  const before = GLUED.exec(field)?.[1]
  return before && `${before}|${field.slice(before.length).replace(/^[. ]/, '')}`
}

/** https://yaml.org/spec/1.2.2/#57-escaped-characters: `\t` in double quotes is a tab, and `\P` a separator of paragraphs. */
const ESCAPE_IN_A_PATH = /(?<!\\)(?:\\\\)*\\[0abefnrtvNLP_][A-Za-z]{2}/

/** `written`: with quotes and line breaks. `isSelection`: the text is all of a selection. */
export function slipOf(node: Node | null, written: string, isSelection: boolean): Slip | undefined {
  if (!isScalar(node)) return undefined
  if (node.type === Scalar.QUOTE_DOUBLE)
    return ESCAPE_IN_A_PATH.test(written) && !/\s/.test(written)
      ? {
          problem: 'a backslash in double quotes begins an escape, such as a tab',
          remedy: 'write the text in single quotes',
        }
      : undefined
  if (node.type !== Scalar.PLAIN || typeof node.value !== 'string') return undefined
  if (isSelection && /^[\w.-]+(?:\|\w+)*(?:\s*=|\s+\S)/.test(written))
    return {
      problem: 'the selection is a text to search for in the whole event',
      remedy: 'write `:` between a field and its value',
    }
  if (written.includes('\n'))
    return { problem: 'a text over several lines, which YAML joins', remedy: 'look at `:`, `- ` and the quotes here' }
  if (/^-['"]/.test(written)) return { problem: 'the hyphen is part of the text', remedy: 'write a blank after `-`' }
  const quote = written.at(-1)
  return (quote === "'" || quote === '"') && written.split(quote).length % 2 === 0
    ? { problem: `the text ends with ${quote}, which is part of it`, remedy: `write ${quote} at its beginning too` }
    : undefined
}

/**
 * Behind the name of a folder or a drive: `C:\Windows\*.exe`.
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#escaping: `\*` is a plain star.
 */
const LOST_SEPARATOR = /((?<=^|[^\\])(?:\\\\?[^\\*?\s][^\\*?]*|\b[A-Za-z]:))\\([*?])/

/** `meant`: the text that the rule looks for at this place. */
export function lostSeparator(text: string): { sign: string; meant: string; fixed: string } | undefined {
  const m = LOST_SEPARATOR.exec(text)
  const [, before = '', sign = ''] = m ?? []
  if (!m) return undefined
  const all = new RegExp(LOST_SEPARATOR, 'g')
  return { sign, meant: `${before.trim()}${sign}`, fixed: text.replaceAll(all, '$1\\\\$2') }
}
