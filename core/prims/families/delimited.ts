// Lines of delimited text.
import { noSql, numConst, textConst } from '../kit.ts'
import { scalar } from '../prim.ts'

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
    const [index, delimiter, quote, escaping] = [
      numConst(c, 'index', 1),
      textConst(c, 'delimiter', ','),
      textConst(c, 'quote'),
      textConst(c, 'escape'),
    ]
    return (text: string) => columnOf(text, index, delimiter, quote, escaping)
  },
  sql: noSql,
  laws: [
    { args: ['a,"b,c",d'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'b,c' },
    { args: ['a,"b,c",d'], consts: { index: 3, delimiter: ',', quote: '"', escape: '\\' }, gives: 'd' },
    { args: ['a,,c'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: '' },
    { args: ['a,"x""y"'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'x"y' },
    { args: ['a:b\\:c'], consts: { index: 2, delimiter: ':', quote: '"', escape: '\\' }, gives: 'b:c' },
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
