// Fields out of JSON: by their paths, or every value by its name.
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { and, call, col, iff, or, present, test, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import { numberValue } from '../1-lex/lex.ts'
import type { Name } from '../2-parse/ast.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { type ExtractOptions, type Path, paths } from '../2-parse/parse-extract.ts'
import { FIELD, NODROP, operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import { extract, type Extracted, inputOf } from '../3-lower/extract.ts'
import type { Flow } from '../3-lower/flow.ts'
import { jsonPath } from '../3-lower/json-path.ts'

export interface Json extends ExtractOptions {
  /** Every value becomes a field; with paths only these. */
  readonly auto: boolean
  readonly maxDepth: number | undefined
  readonly arrays: boolean
  readonly paths: readonly Path[]
}

function parseJson(c: Cursor, auto: boolean): Json | undefined {
  const into: ExtractOptions & { auto: boolean; maxDepth: number | undefined; arrays: boolean } = {
    field: undefined,
    nodrop: false,
    auto,
    maxDepth: undefined,
    arrays: false,
  }
  const option = (): boolean => {
    if (c.eatWord('auto')) into.auto = true
    else if (c.eatWord('extractarrays')) into.arrays = true
    else if (c.eatWord('keys', 'refonly')) return true
    else if (c.eatWord('maxdepth')) {
      c.eat('=')
      into.maxDepth = numberValue(c.next().text)
    } else return false
    return true
  }
  const found = paths(c, into, option, true)
  if (!found) return undefined
  if (!into.auto && found.length === 0) {
    c.fail('a path in double quotes')
    return undefined
  }
  return { ...into, paths: found }
}

/** Messages may carry JSON after a header: from the first brace to the last. */
function jsonText(f: Flow, field: Name | undefined): Expr {
  if (field && field.name.toLowerCase() !== '_raw') return inputOf(f, field)
  const { raw } = f
  const whole = test('re.test', [raw], { pattern: '^\\s*(?:\\{.*\\}|\\[\\s*[\\[{"0-9].*\\])\\s*$', flags: 's' })
  const inside = call('re.group', 'str', [raw], { pattern: '(\\{.*\\})', flags: 's', group: 1 })
  return f.setHidden('json', iff(whole, raw, inside))
}

function pathsOf(f: Flow, s: Json): Extracted {
  const input = jsonText(f, s.field)
  const columns = s.paths.map((p) => ({ name: p.as?.name ?? p.path, expr: jsonValue(f, input, p.path, p.span) }))
  const found = columns.map((c) => present(c.expr))
  const matched = columns.length > 1 && f.lowering.choice('json-missing') === 'all' ? or(...found) : and(...found)
  return { columns, matched, nodrop: s.nodrop, each: true }
}

/** Functions at the end of a path, as JsonPath has them. */
const FUNCTION = /\.\s*(\w+)\(\)\s*$/

function jsonValue(f: Flow, input: Expr, written: string, at: Span): Expr {
  const fn = FUNCTION.exec(written)?.[1]
  if (fn?.toLowerCase() === 'length') {
    const of = jsonValue(f, input, written.replace(FUNCTION, ''), at)
    return call('int.toText', 'str', [call('json.size', 'int', [of])])
  }
  const path = fn === undefined ? jsonPath(written) : undefined
  if (path === undefined) {
    f.lowering.report(sumoNotRun, at, {
      name: `the path ${written}`,
      reason: 'it is not a JsonPath, has a condition of several parts, or a function other than length()',
    })
    return text('')
  }
  const plain = path.every((p) => typeof p === 'string' || typeof p === 'number')
  return call(plain ? 'json.get' : 'json.getAll', 'str', [input], { path })
}

function lowerAuto(f: Flow, s: Json): void {
  const input = s.field ? inputOf(f, s.field) : f.raw
  const id = f.hidden('auto')
  f.push({ kind: 'set', columns: [{ id, expr: input }] })
  const { maxDepth, arrays } = s
  if (s.paths.length === 0) {
    f.readJson({ id, maxDepth, arrays })
    return
  }
  f.set(
    s.paths.map((p) => ({
      name: p.as?.name ?? p.path,
      expr: call('json.named', 'str', [col(id, 'str')], { name: p.path, maxDepth: maxDepth ?? null, arrays }),
    })),
  )
}

const lowerJson = (f: Flow, node: Json): void => (node.auto ? lowerAuto(f, node) : extract(f, pathsOf(f, node)))

export const json = operator<Json>({
  name: 'json',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads values at paths of JSON in a text.',
  params: [param('paths', 'texts', 'Such as "a.b[0]".'), FIELD, NODROP],
  examples: [
    search('json "a.b", "c[0]" as x, y | fields x, y', raw('at 5: {"a":{"b":"q"},"c":[1]}', '{"a":1}'), [
      { x: 'q', y: '1' },
    ]),
    search('json "a[?(@.ok == true)].n" as x | fields x', raw('{"a":[{"ok":true,"n":1},{"n":2}]}'), [{ x: '[1]' }]),
    search('json "a.length()" as n | fields n', raw('{"a":[{"b":1},2]}', '{"a":5}'), [{ n: '2' }]),
    search('json "a[*].b" as x | fields x', raw('{"a":[{"b":1},{"b":2}]}'), [{ x: '[1,2]' }]),
  ],
  differs: 'a condition in a path is one comparison',
  parse: (c) => parseJson(c, false),
  lower: lowerJson,
})

export const jsonAuto = operator<Json>({
  name: 'json auto',
  kind: 'parse',
  category: 'parsing',
  doc: 'Makes every value of JSON in a text readable by its path.',
  params: [FIELD],
  examples: [
    search('json auto | where user.name = "al" | count by user.name', raw('{"user":{"name":"al"}}', '{}'), [
      { 'user.name': 'al', _count: 1 },
    ]),
    search('json auto maxdepth 1 | fields foo', raw('{"foo":{"bar":1}}'), [{ foo: '{"bar":1}' }]),
    search('json auto extractarrays | fields %"foo[1]"', raw('{"foo":[1,2]}'), [{ 'foo[1]': '2' }]),
    search('parse "u=* " as u | json auto | fields u', raw('u=al {"U":"bo"}'), [{ u: 'bo' }]),
  ],
  notes: ['Names have no case; white space in them is `_`. The last JSON of a message counts.'],
  parse: (c) => parseJson(c, true),
  lower: lowerJson,
})
