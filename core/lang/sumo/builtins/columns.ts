// Fields out of a text by their position between separators.
import { byName } from '../../../text/by-name.ts'
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { diagnostic, inText } from '../../../diag/diagnostic.ts'
import { call, FALSE, present } from '../../../plan/build.ts'
import { numberValue, stringText } from '../1-lex/lex.ts'
import type { Name } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import type { options } from '../2-parse/tokens.ts'
import { FIELD, operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import { extract, type Extracted, inputOf } from '../3-lower/extract.ts'
import type { Flow } from '../3-lower/flow.ts'

interface Columns {
  readonly field: Name
  readonly delimiter: string
  readonly escape: string
  readonly quote: string
  readonly columns: readonly { readonly index: number; readonly as: Name }[]
}

const TAB: Readonly<Record<string, string>> = byName({ '\\t': '\t', '\\n': '\n' })

function parseColumns(c: Cursor, operator: 'csv' | 'split'): Columns | undefined {
  const options = { delimiter: ',', escape: '\\', quote: '"' }
  if (c.isWord('field') && c.isPunct('=', 1)) c.at += 2
  const field = name(c)
  if (!field) return undefined
  const keys: Record<string, keyof typeof options> = { delim: 'delimiter', escape: 'escape', quote: 'quote' }
  for (let w = c.eatWord(...Object.keys(keys)); w; w = c.eatWord(...Object.keys(keys))) {
    c.expect('=')
    const t = c.next()
    const key = keys[w.text.toLowerCase()] as keyof typeof options
    options[key] =
      t.kind === 'single'
        ? (TAB[t.text.slice(1, -1)] ?? t.text.slice(1, -1))
        : t.kind === 'string'
          ? stringText(t)
          : t.text
    if (options[key].length > 1)
      c.add(
        diagnostic(sumoRuledOut, inText(c.source, t.span), {
          what: `\`${w.text}\` is one character`,
          remedy: 'use one character, or `parse` or `parse regex` for a longer separator',
        }),
      )
    c.eat(',')
  }
  if (new Set(Object.values(options)).size < 3)
    c.add(
      diagnostic(sumoRuledOut, inText(c.source, field.span), {
        what: 'delimiter, escape and quote must be three different characters',
        remedy: 'choose another character for one of them',
      }),
    )
  if (!c.expectWord('extract')) return undefined
  const columns: { index: number; as: Name }[] = []
  let position = 0
  while (!c.stageOver) {
    position++
    const t = c.peek()
    if (t.kind === 'number') {
      c.next()
      c.expectWord('as')
      position = numberValue(t.text) ?? position
    }
    const as = name(c)
    if (!as) return undefined
    if (as.name !== '_') columns.push({ index: position, as })
    if (!c.eat(',')) break
  }
  const nodrop = c.eatWord('nodrop')
  if (nodrop) {
    const what = `\`${operator}\` has no option \`nodrop\``
    c.add(
      diagnostic(sumoRuledOut, inText(c.source, nodrop.span), {
        what,
        remedy: `remove \`nodrop\`: \`${operator}\` keeps every row`,
      }),
    )
  }
  return { field, ...options, columns }
}
function pieces(f: Flow, s: Columns): Extracted {
  const input = inputOf(f, s.field)
  const { delimiter, quote } = s
  const found = s.columns.map((c) => ({
    name: c.as.name,
    expr: call('str.column', 'str', [input], { index: c.index, delimiter, escape: s.escape, quote }),
  }))
  const last = found[found.length - 1]
  return { columns: found, matched: last ? present(input) : FALSE, nodrop: true }
}

const lower = (f: Flow, node: Columns): void => extract(f, pieces(f, node))

export const csv = operator<Columns>({
  name: 'csv',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads columns of a line of comma-separated values.',
  params: [FIELD, param('columns', 'fields', 'By position or `n as name`.')],
  examples: [search('csv _raw extract 2 as x, 3 as y | fields x, y', raw('1,"2,3",4'), [{ x: '2,3', y: '4' }])],
  parse: (c) => parseColumns(c, 'csv'),
  lower: lower,
})

export const split = operator<Columns>({
  name: 'split',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads the pieces of a text between single characters.',
  params: [FIELD, param('columns', 'fields', 'By position or `n as name`.')],
  examples: [
    search("split _raw delim=':' extract 1 as x, 2 as y | fields x, y", raw('a:b'), [{ x: 'a', y: 'b' }]),
    search('split _raw extract a, 3 as c, d | fields a, c, d', raw('1,2,3,4'), [{ a: '1', c: '3', d: '4' }]),
    search("split _raw escape='\\', delim=':', quote=''' extract a, b | fields a, b", raw("1:'2:3'"), [
      { a: '1', b: '2:3' },
    ]),
  ],
  parse: (c) => parseColumns(c, 'split'),
  lower: lower,
})
