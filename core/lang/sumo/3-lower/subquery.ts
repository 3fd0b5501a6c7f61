// Subqueries as conditions.
import { byName } from '../../../text/by-name.ts'
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, FALSE, lit, present, text } from '../../../plan/build.ts'
import type { Expr, Join, Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { Flow } from './flow.ts'
import { javaDate } from './java-date.ts'
import type { Subquery } from '../2-parse/ast.ts'

/** Keeps the rows whose composed fields equal those of a row of the subquery; `negated`: the others. */
export function semiJoin(f: Flow, sub: Subquery, negated: boolean): void {
  const found = joinOn(f, sub)
  if (found) f.push({ ...found, how: negated ? 'anti' : 'semi', include: [], max: null })
}

/** A subquery as a part of a condition: a hidden column marks the rows that have a match. */
export function subqueryCond(f: Flow, sub: Subquery): Pred {
  const found = joinOn(f, sub)
  if (!found) return FALSE
  const id = f.hidden('found')
  f.push({ ...found, how: 'left', include: [{ id, from: FOUND }], max: 1 })
  return present(col(id, 'str'))
}

const FOUND = '$:found'
const EDGE = { within: null, missing: null, order: [] } as const

/** The rows of a subquery, and the equality that joins a row of the search to them. */
function joinOn(
  f: Flow,
  sub: Subquery,
): (Omit<Join, 'how' | 'include' | 'max'> & { readonly kind: 'join' }) | undefined {
  if (sub.compose.length === 0) {
    f.lowering.report(codes.sumoNotRun, sub.span, { name: 'subquery', reason: 'it has no `compose` with a field' })
    return undefined
  }
  const inner = new Flow(f.lowering, f.parts, sub.query.span)
  if (sub.from !== undefined || sub.to !== undefined) {
    inner.interval = intervalOf(f, sub)
    if (!inner.interval) {
      const reason =
        'its interval is neither a time before the end of the search, such as from=(-15m), nor a date with a year, such as from=(2026/07/08 23:13:36)'
      f.lowering.report(codes.sumoNotRun, sub.span, { name: 'subquery', reason })
      return undefined
    }
  }
  const { at } = f
  f.parts.query(inner, sub.query)
  f.at = at
  const values = sub.compose.map((n) => toStr(inner.read(n).expr))
  const ids = values.map((_, i) => `$:sub${i}`)
  inner.push({ kind: 'set', columns: values.map((expr, i) => ({ id: ids[i] as string, expr })) })
  inner.push({ kind: 'take', count: sub.maxResults ?? 2500, by: inner.orderKeys() })
  f.lowering.limits.push({ what: 'subquery', limit: sub.maxResults ?? 2500 })
  const keyword = sub.keywords ? f.hidden('keywords') : undefined
  const joinedValues = call(
    'str.concat',
    'str',
    ids.flatMap((id, i) => [...(i > 0 ? [text(BETWEEN)] : []), col(id, 'str')]),
  )
  inner.push({
    kind: 'set',
    columns: [{ id: FOUND, expr: text('1') }, ...(keyword === undefined ? [] : [{ id: keyword, expr: joinedValues }])],
  })
  const kept = [FOUND, ...(keyword === undefined ? ids : [keyword])]
  inner.push({ kind: 'project', columns: kept, rest: false })
  const right = inner.relation(false)
  if (keyword !== undefined)
    return {
      kind: 'join',
      right,
      on: [],
      ...EDGE,
      within: { prim: 'str.hasPhrase', left: f.raw, right: col(keyword, 'str') },
    }
  const on = sub.compose.map((n, i) => ({ left: toStr(f.read(n).expr), right: col(ids[i] as string, 'str') }))
  return { kind: 'join', right, on, ...EDGE }
}

/** Separates keywords that must all occur. */
const BETWEEN = '\u0001'
const UNIT: Record<string, number> = byName({ s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 })

/** The page has `keywords` for the scope only: a condition compares fields. */
export function refuseKeywords(f: Flow, sub: Subquery): void {
  if (sub.keywords)
    f.lowering.report(codes.sumoRuledOut, sub.span, {
      what: 'a subquery in `where` or `if` cannot compose keywords',
      remedy: 'remove `keywords`, and give the search a field of the composed name',
    })
}

/** `2018/07/08 23:13:36`, `2018-07-08`, or milliseconds since 1970. Dates without a year depend on the day of the run. */
function dateOf(f: Flow, written: string): Expr | undefined {
  if (/^\d{12,14}$/.test(written)) return call('time.fromMillis', 'time', [lit(BigInt(written), 'int')])
  const m = /^\d{4}([-/])\d{1,2}\1\d{1,2}( \d{1,2}:\d{2}(:\d{2}(\.\d{3})?)?)?$/.exec(written)
  if (!m) return undefined
  const clock = m[2] === undefined ? '' : ` HH:mm${m[3] === undefined ? '' : `:ss${m[4] === undefined ? '' : '.SSS'}`}`
  const found = javaDate(`yyyy${m[1]}MM${m[1]}dd${clock}`)
  if (!('directives' in found)) return undefined
  return call('time.parse', 'time', [text(written)], { pattern: found.directives, zone: f.lowering.zone })
}

/** `-1d -12h`, `-15m`: times before the end of the search. `now` or no text is the end. */
function intervalOf(f: Flow, sub: Subquery): { from: Expr; to: Expr } | undefined {
  const end: Expr = { kind: 'env', name: 'end', ty: 'time' }
  const before = (written: string | undefined): Expr | undefined => {
    const time = (written ?? 'now').replace(/^[\s("]+|[\s)"]+$/g, '')
    if (time === '' || time === 'now') return end
    const m = /^-(\d+)([smhdw])$/.exec(time)
    if (!m) return dateOf(f, time)
    const micros = BigInt(Number(m[1]) * (UNIT[m[2] as string] ?? 1)) * 1_000_000n
    return call('time.fromInt', 'time', [
      call('int.sub', 'int', [call('time.toInt', 'int', [end]), lit(micros, 'int')]),
    ])
  }
  const [first, second] = (sub.from ?? '').trim().split(/(?<!\s)\s+(?=-|now)/)
  const from = sub.from === undefined ? ({ kind: 'env', name: 'start', ty: 'time' } as const) : before(first)
  const to = before(sub.to ?? second)
  return from && to ? { from, to } : undefined
}
