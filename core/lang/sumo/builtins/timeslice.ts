// Cuts time into slices.
import { call, iff, lit, present } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import { numberValue } from '../1-lex/lex.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { number, wholeValue } from '../2-parse/tokens.ts'
import { spelledDuration } from '../near-misses/spl.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { bucketStart, INTERVAL } from '../3-lower/slices.ts'
import { toInt } from '../3-lower/values.ts'

export interface Timeslice {
  /** Undefined for a number of buckets. */
  readonly spanMs: number | undefined
  readonly buckets: number | undefined
  readonly target: Name | undefined
}

function parseTimeslice(c: Cursor): Timeslice {
  c.eatWord('by')
  const inParens = c.eat('(')
  let spanMs: number | undefined
  let buckets: number | undefined
  const t = c.peek()
  if (t.kind === 'hole') {
    c.next()
    spanMs = c.eatWord('buckets') ? undefined : 60_000
  } else if (t.kind === 'number') {
    const value = number(c)
    const spelled = /^(s|m|h|d|w)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?|eeks?)$/i.exec(c.peek().text)?.[1]
    if (spelled && /^\d+$/.test(t.text)) {
      const written = `${t.text}${spelled.toLowerCase()}`
      const span = { start: t.span.start, end: c.next().span.end }
      c.near(spelledDuration, span, [{ span, text: written }])
    }
    const unit = spelled
      ? spelled.toLowerCase()
      : c.peek().kind === 'word' && /^[smhdw]$/.test(c.peek().text)
        ? c.next().text
        : ''
    if (c.eatWord('buckets', 'bucket')) buckets = value === undefined ? value : wholeValue(c, t, value)
    else spanMs = unit === '' || value === undefined ? value : (numberValue(`${value}${unit}`) ?? value)
    if (spanMs !== undefined && /^\d+$/.test(t.text) && unit === '') c.fail('a time such as `5m`, or `buckets`', t)
  }
  if (inParens) c.expect(')')
  const target = c.eatWord('as') ? name(c) : undefined
  return { spanMs, buckets: spanMs === undefined ? (buckets ?? 1) : buckets, target }
}

function lowerTimeslice(f: Flow, s: Timeslice, { head }: Place): void {
  const id = s.target?.name ?? '_timeslice'
  const time = timeOf(f, head)
  f.slice = { name: id, spanMs: s.spanMs, buckets: s.buckets }
  // The page names a field with the end of the slice. It is there for searches that read it.
  const needsEnd = f.lowering.source.text.toLowerCase().includes(END)
  const ends: { name: string; expr: Expr }[] = []
  let start: Expr
  if (s.spanMs !== undefined) {
    const span = BigInt(Math.max(1, Math.round(s.spanMs * 1000)))
    start = call('time.toMillis', 'int', [call('time.bucket', 'time', [time], { span, zone: f.lowering.zone })])
    if (needsEnd) {
      start = f.setHidden('slice', start)
      ends.push({ name: END, expr: call('int.add', 'int', [start, lit(span / 1000n, 'int')]) })
    }
  } else {
    const buckets = BigInt(s.buckets ?? 1)
    if (s.buckets === 1) f.lowering.choice('bare-timeslice')
    const index = bucketOf(f, time, buckets)
    start = bucketStart(f, index, buckets)
    if (needsEnd) {
      const next = f.setHidden('part', call('int.add', 'int', [index, lit(1n, 'int')]))
      ends.push({ name: END, expr: bucketStart(f, next, buckets) })
    }
  }
  f.set([{ name: id, expr: start }, ...ends])
}

const END = '__timeslice_end'

/** The time of a message. Rows of a table have it only as a column `_messageTime`. */
function timeOf(f: Flow, at: Span): Expr {
  if (f.messages) return f.time
  return call('time.fromMillis', 'time', [toInt(f.read({ name: '_messageTime', quoted: false, span: at }).expr)])
}

/**
 * Number of the part that contains the time, from 0, of `buckets` equal parts of the interval. Each step is a column of its own: nested
 * arithmetic of 128 bits would make the SQL grow exponentially.
 */
function bucketOf(f: Flow, time: Expr, buckets: bigint): Expr {
  const [start, end] = INTERVAL
  const step = (e: Expr): Expr => f.setHidden('part', e)
  const range = step(call('int.sub', 'int', [end, start]))
  const since = step(call('int.sub', 'int', [call('time.toInt', 'int', [time]), start]))
  const scaled = step(call('int.mul', 'int', [since, lit(buckets, 'int')]))
  const index = step(call('int.div', 'int', [scaled, range]))
  return step(iff(present(index), index, lit(0n, 'int')))
}

export const timeslice = operator<Timeslice>({
  name: 'timeslice',
  doc: 'Cuts time into slices; adds the start of each in milliseconds.',
  params: [param('width', 'duration', 'Such as 5m, or N buckets.', false)],
  examples: [
    search(
      'timeslice 1h | count by _timeslice',
      [{ _messageTime: 1500508830000 }, { _messageTime: 1500508831000 }],
      [{ _timeslice: 1500508800000, _count: 2 }],
    ),
  ],
  output: '_timeslice',
  parse: parseTimeslice,
  lower: lowerTimeslice,
})
