// Lines of delimited text.
import type { Worded } from '../forms/engines.ts'
import { columnAt, type ColumnForm } from '../forms/delimited.ts'
import { argument, numConst, textConst } from '../kit.ts'
import { type Consts, scalar, type SqlForm, tail } from '../prim.ts'

const formOf = (c: Consts): ColumnForm => ({
  index: numConst(c, 'index', 1),
  delimiter: textConst(c, 'delimiter', ','),
  quote: textConst(c, 'quote'),
  escape: textConst(c, 'escape'),
})
const sqlForm =
  (dialect: Worded): SqlForm =>
  (sql, args, c) =>
    columnAt(sql, dialect, argument(args, 0), formOf(c)) ??
    tail('the delimiter, quote or escape is no single character')

export const column = scalar({
  id: 'str.column',
  doc: 'A column of a line of delimited text, quotes taken off; absent beyond the last. A doubled quote inside quotes is one.',
  params: [['text', 'str']],
  consts: {
    index: '1-based.',
    delimiter: 'Between columns.',
    quote: 'Around a column.',
    escape: 'Before a character taken as it is.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const { index, delimiter, quote, escape: escaping } = formOf(c)
    return (text: string) => columnOf(text, index, delimiter, quote, escaping)
  },
  sql: { duckdb: sqlForm('duckdb'), clickhouse: sqlForm('clickhouse') },
  laws: [
    { args: ['a,"b,c",d'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'b,c' },
    { args: ['a,"b,c",d'], consts: { index: 3, delimiter: ',', quote: '"', escape: '\\' }, gives: 'd' },
    { args: ['a,,c'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: '' },
    { args: ['a,"x""y"'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'x"y' },
    { args: ['a:b\\:c'], consts: { index: 2, delimiter: ':', quote: '"', escape: '\\' }, gives: 'b:c' },
    { args: ['"x"y"z,b'], consts: { index: 1, delimiter: ',', quote: '"', escape: '\\' }, gives: 'xy"z' },
    { args: ['a,"open,\\",'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'open,",' },
    { args: ['\\"x\\q""\n,"",b'], consts: { index: 1, delimiter: ',', quote: '"', escape: '\\' }, gives: '"x\\q""\n' },
    { args: ['a,"",b'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: '' },
    { args: [''], consts: { index: 1, delimiter: ',', quote: '"', escape: '\\' }, gives: '' },
    { args: ['a'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: null },
    { args: [null], consts: { index: 1, delimiter: ',', quote: '"', escape: '\\' }, gives: null },
  ],
})

function columnOf(text: string, index: number, delimiter: string, quote: string, escaping: string): string | null {
  let out = ''
  let at = 1
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (
      c === escaping &&
      i + 1 < text.length &&
      escaping !== quote &&
      [delimiter[0], quote, escaping].includes(text[i + 1] as string)
    )
      out += text[++i]
    else if (c === quote && quoted && text[i + 1] === quote) out += text[++i]
    else if (c === quote && (quoted || out === '')) quoted = !quoted
    else if (!quoted && delimiter !== '' && text.startsWith(delimiter, i)) {
      if (at === index) return out
      at++
      out = ''
      i += delimiter.length - 1
    } else out += c
  }
  return at === index ? out : null
}
