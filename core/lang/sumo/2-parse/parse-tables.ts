// Operators over the tables that aggregates make: fillmissing, compare, outlier, filter, bin, predict, transactionize, merge; and tables
// by name: cat, save, geoip, threatip, threatlookup.
import { numberValue } from '../1-lex/lex.ts'
import { stringOf } from './parse-expr.ts'
import { type Bare, number } from './parse-stages.ts'
import { parseStages } from './parse.ts'
import type { Merge, Name, Shift } from './ast.ts'
import { type Cursor, from, isName, name } from './cursor.ts'

/** undefined: it could not be read, and that is said; `other`: the word begins none of these. */
export function parseTableStage(c: Cursor, word: string): Bare | 'other' | undefined {
  switch (word) {
    case 'fillmissing':
      return fillmissing(c)
    case 'compare':
      return compare(c)
    case 'outlier':
      return outlier(c)
    case 'filter':
      return filter(c)
    case 'bin':
      return bin(c)
    case 'predict':
      return predict(c)
    case 'transactionize':
      return transactionize(c)
    case 'transaction':
      return transaction(c)
    case 'merge': {
      const merge = merges(c)
      return merge && { kind: 'merge', merge }
    }
    case 'cat':
    case 'save':
      return table(c, word)
    case 'geoip':
    case 'threatip':
    case 'threatlookup':
      return enrichment(c, word)
    default:
      return 'other'
  }
}

const isText = (c: Cursor): boolean => ['single', 'string'].includes(c.peek().kind)
const text = (c: Cursor): string => stringOf(c, c.next())

/** `1h`, in milliseconds; a template variable is said and stands for an hour. */
function duration(c: Cursor): number | undefined {
  if (c.peek().kind === 'hole') {
    number(c)
    return 3_600_000
  }
  const t = c.peek()
  if (t.kind === 'number' && /[a-z]$/.test(t.text)) return number(c)
  c.fail('a time such as `5m`')
  return undefined
}

function fillmissing(c: Cursor): Bare | undefined {
  let slice: Extract<Bare, { kind: 'fillmissing' }>['slice']
  let takeLast = false
  const values: { field: Name; values: string[] | undefined }[] = []
  const given: { value: string | number; fields: Name[] }[] = []
  while (!c.stageOver) {
    if (c.eatWord('timeslice')) {
      const spanMs = c.eat('(') ? duration(c) : undefined
      if (spanMs !== undefined && !c.expect(')')) return undefined
      slice = { field: c.eatWord('in') && name(c), spanMs }
    } else if (c.eatWord('values')) {
      const list = c.eatWord('all') ? undefined : listOf(c)
      if (!c.expectWord('in')) return undefined
      const field = name(c)
      if (!field) return undefined
      values.push({ field, values: list })
    } else if (c.eatWord('with')) {
      const t = c.next()
      if (!c.expectWord('for')) return undefined
      const value = t.kind === 'string' ? stringOf(c, t) : (numberValue(t.text) ?? t.text)
      given.push({ value, fields: until(c, ['with', 'takelast', 'timeslice', 'values']) })
    } else if (c.eatWord('takelast')) takeLast = true
    else if (!c.eat(',')) {
      c.fail('`timeslice`, `values` or `with`')
      return undefined
    }
  }
  // Alone it fills the slices, which is what published queries mean by it.
  if (values.length === 0) slice ??= { field: undefined, spanMs: undefined }
  return { kind: 'fillmissing', slice, values, given, takeLast }
}

function listOf(c: Cursor): string[] {
  const out: string[] = []
  c.expect('(')
  while (isText(c) || c.peek().kind === 'number') {
    out.push(isText(c) ? text(c) : c.next().text)
    if (!c.eat(',')) break
  }
  c.expect(')')
  return out
}

function until(c: Cursor, stop: readonly string[]): Name[] {
  const out: Name[] = []
  while (isName(c.peek()) && !stop.some((w) => c.isWord(w))) {
    const n = name(c)
    if (!n) break
    out.push(n)
    if (!c.isPunct(',') || stop.some((w) => c.isWord(w, 1))) break
    c.next()
  }
  return out
}

function compare(c: Cursor): Bare | undefined {
  c.eatWord('with')
  const targets: Shift[] = []
  do {
    const start = c.peek().span
    if (!c.expectWord('timeshift')) return undefined
    c.eat('-')
    const step = c.peek()
    const ms = duration(c)
    if (ms === undefined) return undefined
    const parts = /^([\d.]+)([A-Za-z]+)$/.exec(step.text)
    const times = c.peek().kind === 'number' ? (number(c) ?? 1) : 1
    const agg = c.eatWord('avg', 'min', 'max')?.text.toLowerCase() as Shift['agg']
    const as = c.eatWord('as') ? name(c) : undefined
    targets.push({
      ms,
      count: Number(parts?.[1] ?? 1),
      unit: parts?.[2] ?? 'h',
      times: Math.max(1, Math.trunc(times)),
      agg,
      as,
      span: from(start, c),
    })
  } while (c.eat(','))
  return { kind: 'compare', targets }
}

/** `name=value` options with or without commas. */
function options(c: Cursor, known: readonly string[], take: (option: string) => void): void {
  while (!c.stageOver) {
    const w = c.eatWord(...known)
    if (!w) {
      if (c.eat(',')) continue
      c.fail(known.map((k) => `\`${k}\``).join(', '))
      return
    }
    if (w.text.toLowerCase() !== 'by') c.eat('=')
    take(w.text.toLowerCase())
  }
}

function outlier(c: Cursor): Bare | undefined {
  const inParens = c.eat('(')
  const field = name(c)
  if (!field) return undefined
  if (inParens) c.expect(')')
  const found = { window: 10, threshold: 3, consecutive: 1 }
  let by: Name[] = []
  let direction: '+' | '+-' | '-' = '+-'
  options(c, ['by', 'consecutive', 'direction', 'threshold', 'window'], (option) => {
    if (option === 'by') by = until(c, ['window', 'threshold', 'consecutive', 'direction'])
    else if (option === 'direction') {
      const plus = c.eat('+')
      const minus = c.eat('-')
      if (c.peek().kind === 'hole') number(c)
      direction = plus === minus ? '+-' : plus ? '+' : '-'
    } else {
      const hole = c.peek().kind === 'hole'
      const value = number(c)
      const key = option as keyof typeof found
      if (value !== undefined && !hole) found[key] = value
    }
  })
  return { kind: 'outlier', field, by, direction, ...found }
}

function filter(c: Cursor): Bare | undefined {
  const fields = until(c, ['in'])
  if (fields.length === 0) {
    c.fail('a field name')
    return undefined
  }
  if (!c.expectWord('in') || !c.expect('(')) return undefined
  c.depth++
  const stages = parseStages(c, true)
  c.depth--
  return c.expect(')') ? { kind: 'filter', fields, stages } : undefined
}

function bin(c: Cursor): Bare | undefined {
  const field = name(c)
  if (!field) return undefined
  const found: Record<string, number | undefined> = {}
  const signed = (): number | undefined => (c.eat('-') ? -(number(c) ?? 0) : number(c))
  options(c, ['max', 'min', 'width'], (option) => {
    found[option] = signed()
  })
  const width = found['width']
  if (width === undefined) {
    c.fail('`width=`')
    return undefined
  }
  return { kind: 'bin', field, width, min: found['min'], max: found['max'] }
}

function predict(c: Cursor): Bare | undefined {
  const field = name(c)
  if (!field) return undefined
  const spanMs = c.eatWord('by') ? duration(c) : undefined
  let model = 'linear'
  let forecast: number | undefined
  let forecastMs: number | undefined
  options(c, ['ar.window', 'forecast', 'model'], (option) => {
    if (option === 'model') model = c.next().text.toLowerCase()
    else if (option === 'ar.window') number(c)
    else if (/[a-z]$/.test(c.peek().text)) forecastMs = number(c)
    else forecast = number(c)
  })
  return { kind: 'predict', field, spanMs, model, forecast, forecastMs }
}

function transactionize(c: Cursor): Bare | undefined {
  const keys: Name[] = []
  const options: { name: string; span: Name['span'] }[] = []
  let merge: readonly Merge[] | undefined
  while (!c.stageOver) {
    const t = c.peek()
    if (c.isPunct('(') && c.isWord('merge', 1)) {
      c.next()
      c.next()
      merge = merges(c)
      if (!merge) return undefined
      const more = c.peek().span
      if (c.eat('|')) {
        while (!c.done && !c.isPunct(')')) c.next()
        options.push({ name: 'steps behind merge', span: from(more, c) })
      }
      if (!c.expect(')')) return undefined
    } else if (isName(t) && c.isPunct('=', 1)) {
      c.at += 2
      c.next()
      if (c.eat(';')) c.eatWord('strict')
      options.push({ name: t.text, span: from(t.span, c) })
    } else if (isName(t)) {
      const key = name(c)
      if (!key) return undefined
      keys.push(key)
      if (c.eatWord('as')) name(c)
    } else if (!c.eat(',')) {
      c.fail('a field or `(merge …)`')
      return undefined
    }
  }
  if (keys.length === 0) c.fail('a field name')
  return keys.length === 0 ? undefined : { kind: 'transactionize', keys, options, merge }
}

/** `on k with states a, b in f results by flow`; patterns instead of states, fringe and showing are read and not run. */
function transaction(c: Cursor): Bare | undefined {
  if (!c.expectWord('on')) return undefined
  const keys = until(c, ['fringe', 'with'])
  const unknown = (): Bare => ({ kind: 'other', name: 'transaction', tokens: c.skipStage() })
  if (!c.isWord('with') || !c.isWord('states', 1)) return unknown()
  c.at += 2
  const states: string[] = []
  while (isText(c) || (isName(c.peek()) && !c.isWord('in'))) {
    states.push(isText(c) ? text(c) : (name(c) as Name).name)
    if (!c.eat(',')) break
  }
  if (!c.expectWord('in')) return undefined
  const field = name(c)
  if (!field || keys.length === 0 || states.length === 0) return undefined
  let results: 'flow' | 'states' | 'transactions' = 'transactions'
  if (c.eatWord('results')) {
    c.expectWord('by')
    const w = c.eatWord('flow', 'states', 'transactions')
    if (!w) return undefined
    results = w.text.toLowerCase() as typeof results
  }
  if (c.isWord('showing')) return unknown()
  return { kind: 'transaction', keys, states, field, results }
}

const TAKES: Record<string, Merge['how']> = { takedistinct: 'distinct', takefirst: 'first', takelast: 'last' }

function merges(c: Cursor): Merge[] | undefined {
  const out: Merge[] = []
  while (!c.stageOver) {
    const field = name(c)
    if (!field) return undefined
    const take = c.eatWord(...Object.keys(TAKES))
    let separator = '\n'
    if (!take && c.eatWord('join')) {
      c.expectWord('with')
      separator = isText(c) ? unescaped(text(c)) : separator
    }
    const how = take ? (TAKES[take.text.toLowerCase()] ?? 'join') : 'join'
    out.push({ field, how, separator, as: c.eatWord('as') ? name(c) : undefined })
    if (!c.eat(',')) break
  }
  return out
}

const unescaped = (t: string): string =>
  t.replace(/\\([nrt\\])/g, (_, x: string) => ({ n: '\n', r: '\r', t: '\t' })[x] ?? '\\')

function table(c: Cursor, kind: 'cat' | 'save'): Bare | undefined {
  c.eatWord('append')
  const t = c.peek()
  if (!['path', 'string', 'word'].includes(t.kind)) {
    c.fail('a lookup table, such as path://"/Library/…"')
    return undefined
  }
  c.next()
  c.skipStage()
  return { kind, path: t.text.replace(/"/g, '') }
}

// Columns that these operators add, as the pages list them; each reads one of the vendor's tables.
const ENRICHMENTS: Record<string, { path: string; key: string; prefix: string; columns: readonly string[] }> = {
  geoip: {
    path: 'geo://location',
    key: 'ip',
    prefix: '',
    columns: ['latitude', 'longitude', 'country_code', 'country_name', 'city', 'state'],
  },
  threatip: {
    path: 'sumo://threat/cs',
    key: 'threat',
    prefix: '',
    columns: ['actor', 'malicious_confidence', 'raw_threat', 'type'],
  },
  threatlookup: {
    path: 'sumo://threat/i471',
    key: 'indicator',
    prefix: '_threatlookup.',
    columns: [
      'actors',
      'confidence',
      'fields',
      'id',
      'imported',
      'indicator',
      'kill_chain',
      'num_matches',
      'source',
      'threat_type',
      'type',
      'updated',
      'valid_from',
      'valid_until',
    ],
  },
}

function enrichment(c: Cursor, word: string): Bare | undefined {
  const known = ENRICHMENTS[word] as (typeof ENRICHMENTS)[string]
  c.eatWord('singleindicator')
  if (c.isWord('source') && c.isPunct('=', 1)) c.at += 3
  const field = name(c)
  if (!field) return undefined
  const more: Name[] = []
  while (c.eat(',') || isName(c.peek())) {
    const n = name(c)
    if (!n) break
    more.push(n)
  }
  const named = (n: string): Name => ({ name: n, quoted: false, span: field.span })
  // geoip takes further columns; the others further fields, of which the first indicator found counts there.
  const extra = word === 'geoip' ? more : []
  return {
    kind: 'lookup',
    optional: true,
    columns: [...known.columns.map(named), ...extra].map((from) => ({ from, as: named(known.prefix + from.name) })),
    path: known.path,
    on: [{ event: named(known.key), column: field }],
  }
}
