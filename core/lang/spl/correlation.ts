// Correlations in SPL. `streamstats time_window` counts back from each event, as Sigma's sliding window does.
// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Streamstats
import { all, ALWAYS, any } from '../shared/condition.ts'
import type { Condition, CorrelationDetection } from '../shared/portable.ts'
import { type Columns, hopOf, type Losses, Refused, spanText, type TargetVocabulary } from '../shared/target.ts'
import { comment, evalName, searchName } from './text.ts'
import { columnsFor, eventLines, functionText } from './events.ts'
import { whereText } from './where.ts'

const OPS = { '!=': '!=', '<': '<', '<=': '<=', '=': '=', '>': '>', '>=': '>=' } as const

interface Rule {
  readonly columns: Columns
  readonly where: Condition
}

export function correlationText(c: CorrelationDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const rules = c.of.map((d): Rule => {
    if (d.kind === 'correlation') throw new Refused('SPL: a correlation of correlations is several searches')
    if (d.steps.length > 0) throw new Refused('SPL: a correlation of a rule that counts is several searches')
    const columns = columnsFor(d, vocabulary, losses)
    return { columns, where: columns.condition(d.where) }
  })
  const [first] = rules
  if (!first) throw new Refused('a correlation of no rules')
  const hop = hopOf(c.timespan)
  const schedule = comment(
    `Schedule: every ${spanText(hop)} over the last ${spanText(c.timespan + hop)}; suppress ${c.groupBy.length > 0 ? `by ${c.groupBy.map((g) => g.name).join(', ')} ` : ''}for ${spanText(c.timespan)}`,
  )
  const lines = baseLines(rules, losses)
  const keys = c.groupBy.map((g) => keyOf(g.name, g.fields, rules))
  const by = keys.length > 0 ? ` by ${keys.map((k) => searchName(k.name)).join(' ')}` : ''
  const window = `time_window=${spanText(c.timespan)}`
  for (const k of keys) if (k.eval !== undefined) lines.push(`| eval ${evalName(k.name)}=${k.eval}`)
  lines.push('| sort 0 _time')
  lines.push(
    ...(c.type.startsWith('temporal') ? temporalLines(c, rules, window, by) : countLines(c, rules, window, by)),
  )
  return `${schedule}${lines.join('\n')}`
}

/** Events of any of the rules. */
function baseLines(rules: readonly Rule[], losses: Losses): string[] {
  const [first, ...others] = rules as [Rule, ...Rule[]]
  const source = first.columns.source
  if (others.every((r) => r.columns.source.from === source.from && same(r.columns.source.where, source.where)))
    return eventLines(source, any(...rules.map((r) => r.where)), first.columns, losses)
  const from = [...new Set(rules.map((r) => r.columns.source.from))]
  if (from.length > 1) throw new Refused('SPL: rules of several indexes or macros are several searches')
  return eventLines({ ...source, where: ALWAYS }, any(...rules.map(whole)), first.columns, losses)
}

const same = (a: Condition | undefined, b: Condition | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)
/** The search already keeps the events of a source that all rules share. */
const own = (r: Rule, rules: readonly Rule[]): Condition =>
  rules.every((o) => same(o.columns.source.where, r.columns.source.where)) ? r.where : whole(r)
const whole = (r: Rule): Condition => all(r.columns.source.where ?? ALWAYS, r.where)

function keyOf(name: string, fields: readonly string[], rules: readonly Rule[]): { name: string; eval?: string } {
  const names = [...new Set(rules.map((r, i) => r.columns.name(fields[i] ?? name)))]
  if (names.length === 1) return { name: names[0] as string }
  return { name, eval: `coalesce(${names.map(evalName).join(', ')})` }
}

const bounds = (c: CorrelationDetection, least: number): string =>
  (c.bounds.length > 0 ? c.bounds : [{ op: '>=' as const, value: least }])
    .map((b) => `n${OPS[b.op]}${b.value}`)
    .join(' AND ')

const FUNCTIONS = {
  event_count: 'count',
  value_avg: 'average',
  value_count: 'distinct',
  value_median: 'median',
  value_percentile: 'percentile',
  value_sum: 'sum',
} as const

function countLines(c: CorrelationDetection, rules: readonly Rule[], window: string, by: string): string[] {
  if (c.type === 'temporal' || c.type === 'temporal_ordered') return []
  const [first, ...others] = rules as [Rule, ...Rule[]]
  const of = FUNCTIONS[c.type]
  if (c.type === 'value_percentile' && c.percentile === undefined)
    throw new Refused('SPL: the share of a value is several searches')
  const tail = [`| where ${bounds(c, 1)}`, `| stats max(n) as n min(_time) as first max(_time) as last${by}`]
  if (of === 'count') {
    if (others.length === 0) return [`| streamstats ${window} count as n${by}`, ...tail]
    // An event that two rules report counts twice.
    const hits = rules.map((r) => `if(${whereText(own(r, rules))}, 1, 0)`)
    return [`| eval hits=${hits.join('+')}`, `| streamstats ${window} sum(hits) as n${by}`, ...tail]
  }
  const [field, ...more] = c.fields
  if (field === undefined) throw new Refused(`${c.type} needs a field`)
  const names = [...new Set(rules.map((r) => r.columns.name(field)))]
  const single = names.length === 1 && more.length === 0
  const evals = single
    ? []
    : [
        `| eval value=${[field, ...more].map((f) => `coalesce(${[...new Set(rules.map((r) => evalName(r.columns.name(f))))].join(', ')})`).join('."|".')}`,
      ]
  const measure = single
    ? functionText({ of, field, ...(c.percentile === undefined ? {} : { percentile: c.percentile }) }, first.columns)
    : `${of === 'distinct' ? 'dc' : 'sum'}(value)`
  if (!single && of !== 'distinct') throw new Refused(`${c.type} of several fields`)
  return [...evals, `| streamstats ${window} ${measure} as n${by}`, ...tail]
}

/** The last time of each rule, or for an order the latest start of a chain that the event continues. */
function temporalLines(c: CorrelationDetection, rules: readonly Rule[], window: string, by: string): string[] {
  const marks = rules.map((r, i) => `rule${i}=if(${whereText(own(r, rules))}, 1, 0)`)
  const found = `| stats min(first) as first max(_time) as last${by}`
  if (c.type === 'temporal') {
    const seen = rules.map((_, i) => `max(rule${i}) as seen${i}`).join(' ')
    const n = rules.map((_, i) => `seen${i}`).join('+')
    return [
      `| eval ${marks.join(',\n    ')}`,
      `| streamstats ${window} ${seen} min(_time) as first${by}`,
      `| eval n=${n}`,
      `| where ${bounds(c, rules.length)}`,
      found,
    ]
  }
  const last = rules.length - 1
  const steps = rules
    .slice(1)
    .flatMap((_, n) => [
      `| streamstats ${window} current=f max(start${n}) as before${by}`,
      `| eval start${n + 1}=if(rule${n + 1}=1, before, null())`,
    ])
  const seconds = c.timespan / 1_000_000n
  return [
    `| eval ${[...marks, 'start0=if(rule0=1, _time, null())'].join(',\n    ')}`,
    ...steps,
    `| where isnotnull(start${last}) AND _time-start${last}<=${seconds}`,
    `| eval first=start${last}`,
    found,
  ]
}
