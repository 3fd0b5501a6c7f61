// Stages that begin with a word of another language. Each is a near-miss; one with a certain meaning gives Sumo stages.
import { byName } from '../../../text/by-name.ts'
import type { Edit } from '../../../diag/diagnostic.ts'
import type { NearMiss } from '../../shared/builtin.ts'
import { numberValue, patternText, stringText, type Token } from '../1-lex/lex.ts'
import type { AggregateStage, Expr, Name, Place, Stage } from '../2-parse/ast.ts'
import { type Cursor, from, isName, name, names, nameOf } from '../2-parse/cursor.ts'
import { isForeignAggregate, parseAggregate } from '../2-parse/parse-aggregate.ts'
import { expression } from '../2-parse/parse-expr.ts'
import { quote, wholeNumber } from '../2-parse/tokens.ts'
import { fields as fieldsOperator } from '../builtins/fields.ts'
import { json, jsonAuto } from '../builtins/json.ts'
import { limit } from '../builtins/limit.ts'
import { parseRegexOperator } from '../builtins/parse-regex.ts'
import { accum, total } from '../builtins/rolling.ts'
import { timeslice } from '../builtins/timeslice.ts'
import { transpose } from '../builtins/transpose.ts'
import { where } from '../builtins/where.ts'
import * as near from '../near-misses/spl.ts'

type Reader = (c: Cursor, head: Token) => Stage[] | undefined

/** From the word to the last token taken. */
const placeOf = (c: Cursor, head: Token): Place => ({ span: from(head.span, c), head: head.span })

/** Undefined: the word begins no stage of another language. */
export function foreignStage(c: Cursor, t: Token): Stage[] | undefined {
  const word = t.text.toLowerCase()
  if (isForeignAggregate(word) && c.isPunct('(', 1)) return parseAggregate(c, t)
  const after = c.peek(1)
  if (after.kind === 'punct' && !['-', '!', '(', '+'].includes(after.text)) return undefined
  if (after.text.toLowerCase() === 'as' || (after.text === '(' && word !== 'search')) return undefined
  return Object.hasOwn(READERS, word) ? READERS[word]?.(c, t) : undefined
}

const del = (start: number, end: number): Edit => ({ span: { start, end }, text: '' })
const put = (span: { readonly start: number; readonly end: number }, text: string): Edit => ({ span, text })

function evalStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const stages: Stage[] = []
  const edits: Edit[] = []
  let begin = head.span.start
  do {
    const t = c.peek()
    const target = name(c)
    if (!target) return undefined
    if (!c.eat('=') && !(c.eat(':') && c.eat('='))) {
      c.fail('`=`')
      return undefined
    }
    const value = expression(c)
    if (!value) return undefined
    edits.push(put({ start: begin, end: value.span.start }, stages.length > 0 ? ' | ' : ''))
    edits.push(put({ start: value.span.end, end: value.span.end }, ` as ${t.text}`))
    begin = value.span.end
    stages.push({
      kind: 'assign',
      value,
      target,
      span: from(stages.length === 0 ? head.span : t.span, c),
      head: head.span,
    })
  } while (c.eat(','))
  c.near(near.evalStage, head.span, edits)
  return stages
}

function statsStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const first = c.peek()
  const stages = parseAggregate(c, first)
  if (!stages) return undefined
  const edits: Edit[] = []
  const named = stages.map((s) => (s.kind === 'aggregate' && isReadLater(c, 'count') ? nameCount(s, edits) : s))
  c.near(near.statsStage, head.span, [del(head.span.start, first.span.start), ...edits])
  return named.map((s) => ({ ...s, span: from(head.span, c), head: head.span }))
}

/** The operator of that name clusters messages and takes no aggregate. */
function summarizeStage(c: Cursor, head: Token): Stage[] | undefined {
  const first = c.peek(1)
  const isAggregate = c.grammar.aggregate(first.text.toLowerCase()) !== undefined || isForeignAggregate(first.text)
  if (first.kind !== 'word' || !isAggregate) return undefined
  c.next()
  const stages = parseAggregate(c, first)
  if (stages) c.near(near.summarizeStage, head.span, [del(head.span.start, first.span.start)])
  return stages?.map((s) => ({ ...s, span: from(head.span, c), head: head.span }))
}

/** SPL names the column `count`, and later stages may read that name. Sumo Logic names it `_count`. */
function nameCount(s: AggregateStage, edits: Edit[]): Stage {
  const aggs = s.aggs.map((a) => {
    if (a.name !== 'count' || a.as || a.field) return a
    edits.push(put({ start: a.span.end, end: a.span.end }, ' as count'))
    return { ...a, as: { name: 'count', quoted: false, span: a.span } }
  })
  return { ...s, aggs }
}

/** True if a later stage reads the field. A word after a bar or before a parenthesis is an operator or function. */
function isReadLater(c: Cursor, field: string): boolean {
  for (let i = 0; c.at + i < c.tokens.length; i++) {
    const before = c.peek(i - 1).text.toLowerCase()
    const begins = before === '|' || before === 'stats' || before === 'eventstats' || before === 'streamstats'
    if (c.isWord(field, i) && !begins && !c.isPunct('(', i + 1)) return true
  }
  return false
}

function renameStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const stages: Stage[] = []
  const edits: Edit[] = [del(head.span.start, c.peek().span.start)]
  do {
    const before = c.peek(-1)
    const field = name(c)
    if (!field || !c.expectWord('as')) return undefined
    const target = name(c)
    if (!target) return undefined
    if (stages.length > 0) edits.push(put(before.span, ' |'))
    stages.push({
      kind: 'assign',
      value: { kind: 'field', name: field, span: field.span },
      target,
      span: from(head.span, c),
      head: head.span,
    })
  } while (c.eat(','))
  c.near(near.renameStage, head.span, edits)
  return stages
}

function tableStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const edits: Edit[] = [put(head.span, 'fields')]
  const fields: Name[] = names(c)
  while (isName(c.peek())) {
    const before = (fields[fields.length - 1] as Name).span.end
    edits.push(put({ start: before, end: before }, ','))
    fields.push(nameOf(c.next()))
    c.eat(',')
  }
  c.near(near.tableStage, head.span, edits)
  return [fieldsOperator.stage({ drop: false, fields }, placeOf(c, head))]
}

function headStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const count = c.stageOver ? 10 : wholeNumber(c)
  if (count === undefined) return undefined
  const end = Math.max(c.lastEnd, head.span.end)
  c.near(near.headStage, head.span, [put({ start: head.span.start, end }, `limit ${count}`)])
  return [limit.stage(count, placeOf(c, head))]
}

function rexStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  let field: Name | undefined
  if (c.isWord('field') && c.isPunct('=', 1)) {
    c.at += 2
    field = name(c)
  }
  const t = c.peek()
  if (t.kind !== 'string') {
    c.fail('a regular expression in double quotes')
    return undefined
  }
  c.next()
  c.near(near.rexStage, head.span, [
    put(head.span, 'parse regex'),
    put({ start: t.span.end, end: t.span.end }, ' nodrop'),
  ])
  const pattern = patternText(t)
  const node = { field, patterns: [{ pattern, span: t.span }], nodrop: true, multi: false }
  return [parseRegexOperator.stage(node, placeOf(c, head))]
}

/** `groupby a, b`: the rows are counted. */
function groupbyStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  c.eatWord('by')
  const by = names(c)
  if (by.length === 0) return undefined
  const [first] = by
  c.near(near.groupbyWord, head.span, [
    put({ start: head.span.start, end: first?.span.start ?? head.span.end }, 'count by '),
  ])
  const count = { name: 'count', nameSpan: head.span, field: undefined, numbers: [], as: undefined, span: head.span }
  return [{ kind: 'aggregate', aggs: [count], by, ...placeOf(c, head) }]
}

function regexStage(c: Cursor, head: Token): Stage[] | undefined {
  const t = c.peek(1)
  if (t.kind !== 'string') return undefined
  c.at += 2
  c.near(near.regexStage, head.span, [put(head.span, 'parse regex')])
  const node = { field: undefined, patterns: [{ pattern: patternText(t), span: t.span }], nodrop: false, multi: false }
  return [parseRegexOperator.stage(node, placeOf(c, head))]
}

/** `search cond` is a `where`. Words without an operator are keywords of the scope; only the author can move them there. */
function searchStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const t = c.peek()
  if (t.kind === 'string' && (c.isPunct('|', 1) || c.at + 1 >= c.tokens.length)) {
    c.next()
    const pattern = `*${stringText(t)}*`
    c.near(near.searchStage, head.span, [put(head.span, 'where _raw matches'), put(t.span, quote(pattern))])
    const raw: Expr = { kind: 'field', name: { name: '_raw', quoted: false, span: t.span }, span: t.span }
    const cond: Expr = {
      kind: 'binary',
      op: 'matches',
      left: raw,
      right: { kind: 'string', text: pattern, span: t.span },
      span: t.span,
    }
    return [where.stage(cond, placeOf(c, head))]
  }
  const cond = expression(c)
  if (!cond) return undefined
  c.near(near.searchStage, head.span, [put(head.span, 'where')])
  return [where.stage(cond, placeOf(c, head))]
}

function fillnullStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  let value: Expr = { kind: 'string', text: '0', span: head.span }
  if (c.isWord('value') && c.isPunct('=', 1)) {
    c.at += 2
    value = expression(c) ?? value
  }
  const fields: Name[] = []
  while (isName(c.peek())) {
    fields.push(nameOf(c.next()))
    c.eat(',')
  }
  const filler = value.kind === 'string' ? quote(value.text) : c.takeText(value.span)
  const texts = fields.map((f) => `if(isNull(${f.name}), ${filler}, ${f.name}) as ${f.name}`)
  const end = Math.max(c.lastEnd, head.span.end)
  c.near(
    near.fillnullStage,
    head.span,
    texts.length > 0 ? [put({ start: head.span.start, end }, texts.join(' | '))] : [],
  )
  return fields.map((f) => {
    const field: Expr = { kind: 'field', name: f, span: f.span }
    const cond: Expr = { kind: 'call', name: 'isNull', nameSpan: f.span, args: [field], span: f.span }
    return {
      kind: 'assign',
      value: { kind: 'if', cond, yes: value, no: field, span: f.span },
      target: f,
      span: from(head.span, c),
      head: head.span,
    }
  })
}

/** `eventstats sum(x) as t by g` → `total`, `streamstats sum(x) as t by g` → `accum`; other aggregates have no counterpart. */
const running =
  (operator: typeof accum, record: NearMiss): Reader =>
  (c, head) => {
    c.next()
    const first = c.peek()
    const stages = parseAggregate(c, first)
    const [only] = stages ?? []
    const agg = only?.kind === 'aggregate' ? only.aggs[0] : undefined
    if (only?.kind !== 'aggregate' || only.aggs.length !== 1 || agg?.name !== 'sum' || !agg.field) {
      c.near(record, head.span)
      return [{ kind: 'notRun', name: head.text, reason: 'it is not built yet', ...placeOf(c, head) }]
    }
    const tail =
      (agg.as ? ` as ${agg.as.name}` : '') + (only.by.length > 0 ? ` by ${only.by.map((n) => n.name).join(', ')}` : '')
    c.near(record, head.span, [
      put({ start: head.span.start, end: c.lastEnd }, `${operator.name} ${agg.field.name}${tail}`),
    ])
    const node = { field: agg.field, count: undefined, target: agg.as, by: only.by }
    return [operator.stage(node, placeOf(c, head))]
  }

/** `spath [input=f] [output=o] [path=p]`: without a path every value becomes readable. */
function spathStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  const options: Record<string, Name> = {}
  while (!c.stageOver) {
    const option = c.eatWord('input', 'output', 'path')
    if (option && !c.eat('=')) return undefined
    const t = c.peek()
    const value = t.kind === 'string' ? { name: stringText(c.next()), quoted: true, span: t.span } : name(c)
    if (!value) return undefined
    options[option?.text.toLowerCase() ?? 'path'] = value
  }
  const { input: field, output, path } = options
  const span = from(head.span, c)
  const of = field ? ` field=${field.name}` : ''
  const written = path ? `json${of} ${quote(path.name)}${output ? ` as ${output.name}` : ''} nodrop` : `json auto${of}`
  c.near(near.spathStage, head.span, [put(span, written)])
  const common = { field, maxDepth: undefined, arrays: false }
  const place = { span, head: head.span }
  if (!path) return [jsonAuto.stage({ ...common, auto: true, nodrop: false, paths: [] }, place)]
  const paths = [{ path: path.name, as: output, span: path.span }]
  return [json.stage({ ...common, auto: false, nodrop: true, paths }, place)]
}

/** `timechart span=1h count by f`: slices, groups and, with a field, a column for each of its values. */
function timechartStage(c: Cursor, head: Token): Stage[] | undefined {
  c.next()
  let width: Width = { text: '1h', spanMs: 3_600_000, isValid: true }
  if (c.isWord('span') && c.isPunct('=', 1)) {
    c.at += 2
    width = widthOfSlice(c)
  }
  const first = c.peek()
  const grouped = parseAggregate(c, first)
  const aggregate = grouped?.at(-1)
  if (aggregate?.kind !== 'aggregate' || !grouped) return undefined
  const slice: Name = { name: '_timeslice', quoted: false, span: head.span }
  const span = from(head.span, c)
  const place = { span, head: head.span }
  const columns = aggregate.by.map((n) => n.name)
  const aggs = c.takeText({ start: first.span.start, end: aggregate.aggs.at(-1)?.span.end ?? first.span.end })
  const by = ['_timeslice', ...columns].join(', ')
  const spread = columns.length > 0 && aggregate.aggs.length === 1
  const turned = spread ? ` | transpose row _timeslice column ${columns.join(', ')}` : ''
  const fix = [put(span, `timeslice ${width.text} | ${aggs} by ${by}${turned}`)]
  c.near(near.timechartStage, head.span, width.isValid ? fix : [])
  return [
    ...grouped.slice(0, -1),
    timeslice.stage({ spanMs: width.spanMs, buckets: undefined, target: undefined }, place),
    { ...aggregate, by: [slice, ...aggregate.by], ...place },
    ...(spread ? [transpose.stage({ rows: [slice], columns: aggregate.by, as: [] }, place)] : []),
  ]
}

/** `bin _time span=1h [as t]` of SPL. Undefined: it is the operator `bin` of Sumo Logic, which takes a width. */
function binOfTime(c: Cursor, head: Token): Stage[] | undefined {
  if (!isName(c.peek(1)) || !c.isWord('span', 2) || !c.isPunct('=', 3)) return undefined
  c.at += 4
  const { text, spanMs, isValid } = widthOfSlice(c)
  const target = c.eatWord('as') ? name(c) : undefined
  const span = from(head.span, c)
  const fix = [put(span, `timeslice ${text}${target ? ` as ${target.name}` : ''}`)]
  c.near(near.binSpan, head.span, isValid ? fix : [])
  return [timeslice.stage({ spanMs, buckets: undefined, target }, { span, head: head.span })]
}

interface Width {
  readonly text: string
  readonly spanMs: number
  /** `timeslice` takes the text. */
  readonly isValid: boolean
}

function widthOfSlice(c: Cursor): Width {
  const t = c.next()
  const spanMs = numberValue(t.text)
  // A second number is the rest of the width: `1h30m`.
  const isTime = spanMs !== undefined && /[smhdw]$/.test(t.text) && c.peek().kind !== 'number'
  const isValid = isTime || t.kind === 'hole'
  if (!isValid) c.fail('a time such as `5m`', t)
  return { text: t.text, spanMs: spanMs ?? 3_600_000, isValid }
}

/** KQL's `extend x = e` is `eval` under another name. */
const reportAs =
  (record: NearMiss, read: Reader): Reader =>
  (c, head) => {
    const before = c.nearMisses.length
    const stages = read(c, head)
    const found = c.nearMisses[before]
    if (!stages || !found) return stages
    const [fix] = found.diagnostic.fixes
    c.nearMisses.splice(before, 1)
    c.near(record, head.span, fix?.edits ?? [])
    return stages
  }

const READERS: Record<string, Reader> = byName({
  bin: binOfTime,
  eval: evalStage,
  stats: statsStage,
  summarize: summarizeStage,
  rename: renameStage,
  table: tableStage,
  head: headStage,
  rex: rexStage,
  groupby: groupbyStage,
  regex: regexStage,
  search: searchStage,
  fillnull: fillnullStage,
  eventstats: running(total, near.eventstatsStage),
  streamstats: running(accum, near.streamstatsStage),
  spath: spathStage,
  timechart: timechartStage,
  extend: reportAs(near.extendStage, evalStage),
  project: reportAs(near.projectStage, tableStage),
  take: reportAs(near.takeStage, headStage),
})
