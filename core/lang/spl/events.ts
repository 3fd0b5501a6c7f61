// A detection over single events as SPL: a search that the index answers, then the exact conditions, then counting.
import { all, ALWAYS, conjuncts } from '../shared/condition.ts'
import { render } from '../shared/layout.ts'
import type { Condition, EventDetection, Logsource, Measure, SortKey, Step } from '../shared/portable.ts'
import {
  type Columns,
  columnsOf,
  EMPTY_KEY,
  isReadAsNumber,
  type Losses,
  noteGroupLimit,
  Refused,
  sourceName,
  spanText,
  type TargetSource,
  type TargetVocabulary,
} from '../shared/target.ts'
import { near, SEARCH, searchTree, isExact } from './search.ts'
import { evalName, regexLiteral, searchName } from './text.ts'
import { patternLiteral, whereText, withFlags } from './where.ts'

/** Events of an unknown source: all indexes, fields by their own names. */
const anySource = (of: Logsource | undefined): TargetSource => ({
  from: 'index=*',
  fields: {},
  other: (field) => field,
  loss: {
    kind: 'source',
    message:
      of === undefined
        ? 'the detection names no log source: the search reads every index, with the fields of the original'
        : `no source type is known for the log source ${sourceName(of)}: the search reads every index, with the fields of the original`,
  },
})

export function eventsText(d: EventDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const columns = columnsFor(d, vocabulary, losses)
  const where = columns.condition(d.where)
  return [
    ...eventLines(columns.source, where, columns, losses),
    ...d.steps.map((s) => stepText(s, columns, losses)),
  ].join('\n')
}

export const columnsFor = (d: EventDetection, vocabulary: TargetVocabulary, losses: Losses): Columns =>
  columnsOf(d, vocabulary, losses, anySource)

/** The search and the conditions that it cannot say. */
export function eventLines(source: TargetSource, where: Condition, columns: Columns, losses: Losses): string[] {
  noteNumbers(where, columns, losses)
  const wide = near(where, 'wider')
  const searched = (c: Condition): string => {
    const tree = searchTree(c)
    if (c.kind === 'always') return ''
    return tree.kind === 'any' ? `(${render(tree, SEARCH, 4)})` : render(tree, SEARCH)
  }
  const ofSource = searched(source.where ?? ALWAYS)
  const terms = searched(wide)
  const head = [source.from, ofSource].filter((s) => s !== '').join(' ')
  const isLong = head.length + terms.length + 1 > SEARCH.width || terms.includes('\n')
  const rest = conjuncts(where).filter((c) => !isSaid(c))
  const regexes = rest.flatMap((c) => regexCommand(c) ?? [])
  const exact = rest.filter((c) => regexCommand(c) === undefined)
  return [
    [head, terms].filter((s) => s !== '').join(isLong ? '\n' : ' '),
    ...regexes,
    ...(exact.length > 0 ? [`| where ${whereText(all(...exact))}`] : []),
  ]
}

/** The search command says all of it. */
function isSaid(c: Condition): boolean {
  switch (c.kind) {
    case 'all':
    case 'any':
      return c.of.every(isSaid)
    case 'not':
      return isSaid(c.of)
    case 'always':
      return true
    default:
      return isExact(c)
  }
}

/** One test that a pattern alone decides is a `regex` command. */
function regexCommand(c: Condition): string | undefined {
  if (c.kind === 'regex') {
    // `whereText` refuses a pattern that does not parse.
    whereText(c)
    return `| regex ${searchName(c.field)}=${regexLiteral(withFlags(c.pattern, c.flags))}`
  }
  const isPattern = c.kind === 'text' && !c.cased && c.parts.some((p) => 'wild' in p && p.wild === '?')
  return isPattern ? `| regex ${searchName(c.field)}=${patternLiteral(c.parts, false)}` : undefined
}

function noteNumbers(c: Condition, columns: Columns, losses: Losses): void {
  if (c.kind === 'all' || c.kind === 'any') for (const x of c.of) noteNumbers(x, columns, losses)
  else if (c.kind === 'not') noteNumbers(c.of, columns, losses)
  else if (c.kind === 'number' && c.op !== '=' && columns.type(c.field) !== 'number')
    losses.add(
      'number-text',
      `${c.field}: the search command compares a value that is no number by its characters`,
      c.at,
    )
}

export function stepText(step: Step, columns: Columns, losses: Losses): string {
  const name = (f: string): string => searchName(columns.name(f, step.at))
  switch (step.kind) {
    case 'where':
      return `| where ${whereText(columns.condition(step.where))}`
    case 'aggregate': {
      noteGroupLimit(step, 'SPL', losses)
      const measures = step.measures.map((m) => measureText(m, columns, m.at ?? step.at))
      const keys = step.by.map(name)
      // `stats` leaves out events without a key.
      const filled = step.nullKeys === 'keep' && keys.length > 0 ? [`| fillnull value="" ${keys.join(' ')}`] : []
      if (filled.length > 0) losses.add('empty-key', EMPTY_KEY(step.by), step.at)
      const renamed = step.by.filter((f) => columns.name(f) !== f).map((f) => `${name(f)} as ${searchName(f)}`)
      columns.aggregated(step)
      const by = [...(step.bucket === undefined ? [] : ['_time']), ...keys]
      return [
        ...filled,
        ...(step.bucket === undefined ? [] : [`| bin _time span=${spanText(step.bucket)}`]),
        measures.length === 0
          ? `| dedup ${by.join(' ')}`
          : `| stats ${measures.join(' ')}${by.length > 0 ? ` by ${by.join(' ')}` : ''}`,
        ...(measures.length === 0 ? [`| table ${by.join(' ')}`] : []),
        ...(renamed.length > 0 ? [`| rename ${renamed.join(', ')}`] : []),
      ].join('\n')
    }
    case 'order': {
      // Without num() `sort` chooses by each pair of values (Splunk's reference, sort: auto).
      const key = (k: SortKey): string =>
        k.as === 'text' ? `str(${name(k.field)})` : isReadAsNumber(k, columns) ? `num(${name(k.field)})` : name(k.field)
      const by = step.by.map((b) => `${b.descending ? '-' : '+'} ${key(b)}`).join(' ')
      const limit = step.limit === undefined ? [] : [`| head ${step.limit}`]
      return [...(by === '' ? [] : [`| sort 0 ${by}`]), ...limit].join('\n') || '| where true()'
    }
    case 'columns':
      return `| table ${step.fields.map(name).join(' ')}`
  }
}

/** https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/CommonStatsFunctions */
export function measureText(m: Measure, columns: Columns, at?: { start: number; end: number }): string {
  return `${functionText(m, columns, at)} as ${searchName(m.name)}`
}

export function functionText(m: Omit<Measure, 'name'>, columns: Columns, at?: { start: number; end: number }): string {
  if (m.of === 'count') return m.field === undefined ? 'count' : `count(${searchName(columns.name(m.field, at))})`
  if (m.field === undefined) throw new Refused(`${m.of} needs a field`, at)
  const own = columns.name(m.field, at)
  const field = /^[\w.]+$/.test(own) ? own : evalName(own)
  const words = {
    average: 'avg',
    distinct: 'dc',
    first: 'earliest',
    last: 'latest',
    max: 'max',
    median: 'exactperc50',
    min: 'min',
    percentile: `exactperc${m.percentile ?? 50}`,
    sum: 'sum',
    values: 'values',
  } as const
  return `${words[m.of]}(${field})`
}
