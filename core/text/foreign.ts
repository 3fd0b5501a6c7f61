// Foreign text is text from outside: values of events, names of fields and files, titles, texts of queries. Every output gets it through
// `printForeign`, so that no value can control the reader's terminal, CI log, page or spreadsheet.

/** Where a text is printed. `csv` is data and stays exact; `spreadsheet` is CSV for a program that runs cells as formulas. */
export type Sink = 'csv' | 'html' | 'json' | 'markdown' | 'spreadsheet' | 'terminal' | 'xml'

/** The text in a form that is harmless in that output. `terminal` keeps line ends. `json` gives a JSON string with its quotes. */
export const printForeign = (text: string, sink: Sink): string => SINKS[sink](text)

/**
 * Invisible characters and characters that affect their surroundings: C0 and C1 controls (with ESC and CSI), separators of lines and
 * paragraphs, halves of surrogate pairs, and format characters. The last change the direction of text, join, have no width, or are tags.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** One column wide, so that a marker below the text still points at the right place. */
const DOT = '\u00b7'

/**
 * A runner of GitHub reads a line as a command if it begins with `::name` after spaces, or has `##[` anywhere
 * (actions/runner, src/Runner.Common/ActionCommand.cs). A runner of Azure Pipelines does if it has `##vso[`. `::ffff:10.0.0.1` is no command.
 */
const AT_LINE_START = /^([^\S\r\n\u2028\u2029]*)(?=::[A-Za-z])(?!::[0-9A-Fa-f:.]+(?:[^\w-]|$))/gm
const IN_LINE = /##(?=\[|vso\[)/gi

const ASCII = /^[ -~]*$/
const isInert = (text: string): boolean => ASCII.test(text) && !text.includes('::') && !text.includes('##')

function terminal(text: string): string {
  if (isInert(text)) return text
  return text
    .replace(/\r\n/g, '\n')
    .replaceAll('\t', ' ')
    .replace(INVISIBLE, (c) => (c === '\n' ? c : DOT))
    .replace(AT_LINE_START, `$1${DOT}`)
    .replace(IN_LINE, `##${DOT}`)
}

/** Characters that XML 1.0 does not allow become a replacement character. */
function markup(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const html = (text: string): string => markup(text).replaceAll('\u007f', '\ufffd')

/**
 * Inline Markdown that shows exactly this text, in a paragraph or a cell of a table. It uses entities where parsers of tables disagree
 * about backslashes. An `@` becomes code: neither an escape nor an entity keeps GitHub from making a mention or a mail address of it.
 */
function markdown(text: string): string {
  return terminal(text)
    .replaceAll('&', '&amp;')
    .replace(/#(?=\d)/g, '&#35;')
    .replaceAll('\\', '&#92;')
    .replaceAll('|', '&#124;')
    .replaceAll('`', '&#96;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\/(?=\/)/g, '&#47;')
    .replace(/\b(www)\./gi, '$1&#46;')
    .replace(/[*[\]~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/^ *(?=(?:#{1,6}|[+-]|-+|=+)(?: |$))|^ *\d+(?=[.)] )/gm, '$&\\')
    .replace(/@+/g, '`$&`')
    .replace(/(?<! ) *\n/g, ' ⏎ ')
}

/** Nothing in it has another form in JSON, or is a part of a command. */
const PLAIN = /^(?:[ !$-[\]-~]|#(?!#))*$/
const json = (text: string): string => (PLAIN.test(text) ? `"${text}"` : inertJson(JSON.stringify(text)))

/** JSON text of the same value, without characters that a terminal or a runner would interpret. Line ends between its parts stay. */
export const inertJson = (text: string): string =>
  text.replace(INVISIBLE, (c) => (c === '\n' ? c : c.replace(/[\s\S]/g, unicode))).replace(IN_LINE, '#\\u0023')
const unicode = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** RFC 4180. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
const RUNS_AS_FORMULA = /^[=+\-@\t\r]/
const IS_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

const SINKS: Readonly<Record<Sink, (text: string) => string>> = {
  csv: quoted,
  html,
  json,
  markdown,
  spreadsheet: (text) => quoted(RUNS_AS_FORMULA.test(text) && !IS_NUMBER.test(text) ? `'${text}` : text),
  terminal,
  xml: markup,
}
