// Correlations in ES|QL: one count over the time range of a run. Overlapping runs find what one fixed window would cut.
// https://www.elastic.co/docs/solutions/security/detect-and-alert/create-detection-rule: interval and additional look-back.
import { all, ALWAYS, any } from '../shared/condition.ts'
import type { Condition, CorrelationDetection, EventDetection } from '../shared/portable.ts'
import { type Columns, hopOf, type Losses, Refused, spanText, type TargetVocabulary } from '../shared/target.ts'
import { conditionText } from './conditions.ts'
import { numberText } from './tests.ts'
import { comment, nameText } from './text.ts'
import { eventsOf, measureText, scopeOf, sourceText, spanWords } from './events.ts'

const OPS = { '!=': '!=', '<': '<', '<=': '<=', '=': '==', '>': '>', '>=': '>=' } as const

export function correlationText(c: CorrelationDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const rules = c.of.map((d) => {
    if (d.kind === 'correlation') throw new Refused('ES|QL has no counterpart for a correlation of correlations')
    if (d.steps.length > 0) throw new Refused('ES|QL has no counterpart for a correlation of a rule that counts')
    return d
  })
  const [first] = rules
  if (!first) throw new Refused('a correlation of no rules')
  const hop = hopOf(c.timespan)
  losses.add(
    'window-runs',
    `ES|QL counts from run to run, so a window of ${spanText(c.timespan)} ends when a run begins; bursts can be reported twice`,
  )
  const schedule = comment(`Schedule: every ${spanText(hop)} over the last ${spanText(c.timespan)}`)
  const parts = partsOf(rules, vocabulary, losses)
  const keys = c.groupBy.map((g) => keyText(g.name, g.fields, parts))
  const from = [...new Set(parts.flatMap((p) => p.columns.source.from.split(', ')))].join(', ')
  const sources = [...new Set(parts.map((p) => (p.columns.source.where ? sourceText(p.columns.source.where) : '')))]
  const scope = scopeOf((parts[0] as Part).columns, losses)
  const lines = [
    `FROM ${from}`,
    `| WHERE @timestamp > NOW() - ${spanWords(c.timespan)}`,
    ...(sources.includes('')
      ? []
      : [`| WHERE ${sources.length === 1 ? sources[0] : sources.map((s) => `(${s})`).join(' OR ')}`]),
  ]
  const either = any(...parts.map((p) => p.where))
  if (either.kind !== 'always') lines.push(`| WHERE ${conditionText(either, scope)}`)
  const computed = keys.filter((k) => k.eval !== undefined)
  if (computed.length > 0) lines.push(`| EVAL ${computed.map((k) => `${k.name} = ${k.eval}`).join(', ')}`)
  if (keys.length > 0) lines.push(`| WHERE ${keys.map((k) => `${k.name} IS NOT NULL`).join(' AND ')}`)
  return `${schedule}${[
    ...lines,
    ...countLines(
      c,
      parts,
      keys.map((k) => k.name),
      losses,
    ),
  ].join('\n')}`
}

interface Part {
  readonly columns: Columns
  /** With the condition of its source where sources differ. */
  readonly where: Condition
}

function partsOf(rules: readonly EventDetection[], vocabulary: TargetVocabulary, losses: Losses): Part[] {
  const parts = rules.map((d): Part => {
    const { columns } = eventsOf(d, vocabulary, losses)
    return { columns, where: columns.condition(d.where) }
  })
  const sources = new Set(parts.map((p) => JSON.stringify(p.columns.source.where)))
  if (sources.size === 1) return parts
  return parts.map((p) => ({ ...p, where: all(p.columns.source.where ?? ALWAYS, p.where) }))
}

/** A key with another field in each rule is their first one that is there. */
function keyText(name: string, fields: readonly string[], parts: readonly Part[]): { name: string; eval?: string } {
  const names = [...new Set(parts.map((p, i) => p.columns.name(fields[i] ?? name)))]
  if (names.length === 1) return { name: nameText(names[0] as string) }
  return { name: nameText(name), eval: `COALESCE(${names.map(nameText).join(', ')})` }
}

function countLines(
  c: CorrelationDetection,
  parts: readonly Part[],
  keys: readonly string[],
  losses: Losses,
): string[] {
  const by = keys.length > 0 ? ` BY ${keys.join(', ')}` : ''
  const seen = 'first = MIN(@timestamp), last = MAX(@timestamp)'
  const bound = (n: string): string => c.bounds.map((b) => `${n} ${OPS[b.op]} ${numberText(b.value)}`).join(' AND ')
  if (c.type === 'temporal' || c.type === 'temporal_ordered') return temporalLines(c, parts, by, losses)
  if (c.type === 'event_count' && parts.length > 1) {
    // An event that two rules report counts twice.
    const scope = scopeOf((parts[0] as Part).columns, losses)
    const counts = parts.map((p, i) => `    rule${i} = COUNT(*) WHERE ${conditionText(p.where, scope, 8)}`)
    const sum = parts.map((_, i) => `rule${i}`).join(' + ')
    return [
      `| STATS\n${[...counts, `    ${seen}`].join(',\n')}${by === '' ? '' : `\n   ${by}`}`,
      `| EVAL n = ${sum}`,
      `| WHERE ${bound('n') || 'n >= 1'}`,
    ]
  }
  const columns = (parts[0] as Part).columns
  const [field, ...others] = c.fields
  const value = others.length > 0 ? 'value' : field
  const joined =
    others.length > 0
      ? [`| EVAL value = CONCAT(${c.fields.map((f) => nameText(columns.name(f))).join(', "\\n", ')})`]
      : []
  const of = {
    event_count: 'count',
    value_avg: 'average',
    value_count: 'distinct',
    value_median: 'median',
    value_percentile: 'percentile',
    value_sum: 'sum',
  } as const
  if (c.type === 'value_percentile' && c.percentile === undefined)
    throw new Refused('ES|QL has no counterpart for the share of a value')
  if (of[c.type] !== 'count' && value === undefined) throw new Refused(`${c.type} needs a field`)
  const measure =
    others.length > 0
      ? 'n = COUNT_DISTINCT(value)'
      : measureText(
          {
            name: 'n',
            of: of[c.type],
            ...(of[c.type] === 'count' || value === undefined ? {} : { field: value }),
            ...(c.percentile === undefined ? {} : { percentile: c.percentile }),
          },
          columns,
          losses,
        )
  return [...joined, `| STATS ${measure}, ${seen}${by}`, `| WHERE ${bound('n') || 'n >= 1'}`]
}

function temporalLines(c: CorrelationDetection, parts: readonly Part[], by: string, losses: Losses): string[] {
  const scope = scopeOf((parts[0] as Part).columns, losses)
  const own = parts.map((p) => conditionText(p.where, scope, 8))
  if (c.type === 'temporal') {
    const counts = own.map((o, i) => `    rule${i} = COUNT(*) WHERE ${o}`)
    const seen = ['    first = MIN(@timestamp)', '    last = MAX(@timestamp)']
    const hits = own.map((_, i) => `CASE(rule${i} > 0, 1, 0)`)
    const want = c.bounds.length === 0 ? [{ op: '>=' as const, value: parts.length }] : c.bounds
    const isAll = want.length === 1 && want[0]?.op === '>=' && want[0].value === parts.length
    const test = isAll
      ? own.map((_, i) => `rule${i} > 0`).join(' AND ')
      : want.map((b) => `${hits.join(' + ')} ${OPS[b.op]} ${numberText(b.value)}`).join(' AND ')
    return [`| STATS\n${[...counts, ...seen].join(',\n')}${by === '' ? '' : `\n   ${by}`}`, `| WHERE ${test}`]
  }
  losses.add('event-order', 'ES|QL keeps the first or last time of each rule, not every pair; an EQL sequence is exact')
  const times = own.map((o, i) => `    t${i} = ${i === parts.length - 1 ? 'MAX' : 'MIN'}(CASE(${o}, @timestamp, NULL))`)
  const order = parts.slice(1).map((_, i) => `t${i + 1} >= t${i}`)
  return [`| STATS\n${times.join(',\n')}${by === '' ? '' : `\n   ${by}`}`, `| WHERE ${order.join(' AND ')}`]
}
