// Correlations in CQL: the window slides with the events of each group (`slidingTimeWindow`), an order is one of `correlate`.
import type { CorrelationDetection, EventDetection, Loss } from '../../shared/portable.ts'
import { duration } from '../../shared/duration.ts'
import { boundsOf, eventRules, isRenamed, measureOf, ruleLabel } from '../../shared/write-correlation.ts'
import { type CqlConditions, name, NotCql, quoted } from './condition.ts'
import { fieldList, fieldName, grouped, measure, renamed } from './steps.ts'

export interface Lines {
  readonly lines: readonly string[]
  readonly losses: readonly Loss[]
}

export function correlationLines(d: CorrelationDetection, conditions: CqlConditions): Lines {
  const rules = eventRules(d)
  if (!rules) throw new NotCql('a correlation of correlations')
  return d.type === 'temporal_ordered' ? ordered(d, rules, conditions) : counted(d, rules, conditions)
}

const RULE = 'rule'
const VALUE = 'counted_value'

function counted(d: CorrelationDetection, rules: readonly EventDetection[], conditions: CqlConditions): Lines {
  const hasAliases = isRenamed(d)
  const lines: string[] = []
  const [only] = rules
  if (only && rules.length === 1) lines.push(...conditions.filters(only.where))
  else lines.push(...cases(d, rules, conditions))
  const by = d.groupBy.map((g) => (hasAliases ? g.name : (g.fields[0] ?? g.name)))
  let [field] = d.fields
  if (d.fields.length > 1) {
    lines.push(`concat([${d.fields.map(fieldName).join(', ')}], as=${VALUE})`)
    field = VALUE
  }
  const m = measureOf(d, d.type === 'temporal' ? RULE : field)
  if (!m) throw new NotCql('value_percentile without a percentile compares the share of each value')
  // An event exactly one span back is outside the vendor's window and inside the rule's.
  const span = duration(d.timespan + 1_000n)
  const window = [`slidingTimeWindow(${measure(m)}, span=${span})`, ...renamed(m)]
  if (by.length === 0) lines.push('sort(@timestamp, order=asc, limit=max)', ...window)
  else {
    const steps = [...window, `select([@timestamp, ${d.type}])`].join(' | ')
    lines.push(`groupBy(${fieldList(by)}, function={${steps}}, limit=max)`)
  }
  lines.push(...conditions.filters(boundsOf(d)))
  const isLow = d.bounds.length > 0 && d.bounds.every((b) => b.op === '<' || b.op === '<=')
  lines.push(
    grouped(by, [
      measure({ name: d.type, of: isLow ? 'min' : 'max', field: d.type }),
      measure({ name: 'last_seen', of: 'max', field: '@timestamp' }),
    ]),
  )
  // An aggregate without groups has a row even for no event.
  if (by.length === 0) lines.push(`${d.type}=*`)
  const losses: Loss[] = []
  if (rules.length > 1)
    losses.push({
      kind: 'one-rule-an-event',
      message: 'an event that meets several of the rules counts for the first of them only',
    })
  if (m.of === 'median' || m.of === 'percentile')
    losses.push({
      kind: 'percentile-rank',
      message:
        'percentile() gives a value that occurs, with a relative error; the rule means a value between two neighbours',
    })
  return { lines, losses }
}

/** Each event with the rule that it meets, and the group's values under common names. */
function cases(d: CorrelationDetection, rules: readonly EventDetection[], conditions: CqlConditions): string[] {
  const branches = rules.map((r, i) => {
    const names = d.groupBy.flatMap(({ name: alias, fields }) => {
      const own = fields[i] ?? alias
      return isRenamed(d) && own !== alias ? [`${fieldName(alias)} := ${fieldName(own)}`] : []
    })
    const label = d.type === 'temporal' ? [`${RULE} := ${quoted(ruleLabel(r, i))}`] : []
    const steps = [...conditions.filters(r.where), ...label, ...names]
    return `  ${(steps.length === 0 ? ['*'] : steps).join(' | ')};`
  })
  return [`case {\n${branches.join('\n')}\n}`]
}

function ordered(d: CorrelationDetection, rules: readonly EventDetection[], conditions: CqlConditions): Lines {
  if (d.bounds.length > 0) throw new NotCql('an order with a condition on the number of rules')
  const queries = rules.map((r, i) => {
    const own = [...conditions.filters(r.where)]
    const links =
      i === 0
        ? []
        : d.groupBy.map((g) => `${name(g.fields[i] ?? g.name)} <=> ${label(i - 1)}.${name(g.fields[i - 1] ?? g.name)}`)
    return `  ${label(i)}: { ${[...own, ...links].join(' | ')} }`
  })
  if (d.groupBy.length === 0) throw new NotCql('an order of events without group-by: correlate() needs a link')
  return {
    lines: [`correlate(\n${queries.join(',\n')},\n  sequence=true, within=${duration(d.timespan)}\n)`],
    losses: [],
  }
}
const label = (i: number): string => `step${i + 1}`
