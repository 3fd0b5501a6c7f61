// Parses `correlation:`: the rules whose findings are counted, the groups, the timespan and the bound.
import { byName } from '../../text/by-name.ts'
import * as codes from '../../diag/catalogue/sigma.ts'
import { span } from '../../text/source.ts'
import { type Entry, entries, items, scalarText, spanOf } from './1-read.ts'
import type { ParseReport } from './parse-report.ts'
import { type Bound, CORRELATION_TYPES, type Correlation } from './ast.ts'
import { SECTION_KEYS } from './schema.ts'

type Section = Omit<Correlation, 'id' | 'kind' | 'level' | 'names' | 'span' | 'status' | 'tags' | 'title'>

const OPS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const
/** Types without a bound: every rule must have a finding. */
const ALL_OF = new Set(['temporal', 'temporal_ordered'])

export function parseCorrelation(correlation: Entry, report: ParseReport): Section | undefined {
  const all = entries(correlation.value)
  if (!all) {
    report.wrongValue(
      'correlation',
      correlation.keySpan,
      'not a mapping',
      'write type, rules, group-by, timespan and condition',
    )
    return undefined
  }
  report.unknownKeys(all, SECTION_KEYS)
  const entry = (key: string): Entry | undefined => all.find((e) => e.key === key)
  const need = (key: string): void => {
    if (!entry(key)) report.add(codes.sigmaMissing, correlation.keySpan, { key, of: 'the correlation' })
  }
  for (const key of ['type', 'rules', 'timespan']) need(key)
  const typed = scalarText(entry('type')?.value)
  const type = CORRELATION_TYPES.find((t) => t === typed)
  const typeSpan = spanOf(entry('type')?.value)
  if (typed?.endsWith('_extended')) report.add(codes.sigmaExtended, typeSpan, {})
  else if (typed !== undefined && !type)
    report.wrongValue('type', typeSpan, `unknown type ${typed}`, `use one of ${CORRELATION_TYPES.join(', ')}`)
  if (type && !ALL_OF.has(type)) need('condition')
  const timespan = timespanOf(entry('timespan'), report)
  const conditionSpan = entry('condition')?.keySpan ?? correlation.keySpan
  const { bounds, fields, percentile } = conditionOf(entry('condition'), report)
  if (type?.startsWith('value_') && fields.length === 0 && entry('condition'))
    report.add(codes.sigmaMissing, entry('condition')?.keySpan ?? correlation.keySpan, {
      key: 'field',
      of: `the condition of a ${type}`,
    })
  if (type && fields.length > 1 && type !== 'value_count')
    report.wrongValue('condition.field', conditionSpan, 'several fields', `write one field: a ${type} needs one number`)
  if (type === 'temporal_ordered' && bounds.some((b) => !isWhole(b, items(entry('rules')?.value).length)))
    report.wrongValue(
      'condition',
      conditionSpan,
      'a temporal_ordered needs all of its rules',
      'remove the condition, or use temporal',
    )
  if (!type || timespan === undefined) return undefined
  return {
    type,
    typeSpan,
    rules: items(entry('rules')?.value).flatMap((n) => {
      const name = scalarText(n)
      return name === undefined ? [] : [{ name, span: spanOf(n) }]
    }),
    groupBy: entry('group-by') ? items(entry('group-by')?.value).flatMap((n) => scalarText(n) ?? []) : [],
    aliases: aliasesOf(entry('aliases'), report),
    timespan,
    bounds,
    fields,
    percentile,
    generate: scalarText(entry('generate')?.value) === 'true',
    sectionSpan: span(correlation.keySpan.start, spanOf(correlation.value).end),
  }
}

const UNITS: Readonly<Record<string, bigint>> = byName({
  s: 1_000_000n,
  m: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
})

function timespanOf(entry: Entry | undefined, report: ParseReport): bigint | undefined {
  if (!entry) return undefined
  const text = scalarText(entry.value) ?? ''
  const m = /^(\d+)([smhd])$/.exec(text)
  if (m && BigInt(m[1] as string) > 0n) return BigInt(m[1] as string) * (UNITS[m[2] as string] as bigint)
  report.wrongValue(
    'timespan',
    spanOf(entry.value),
    `${text === '' ? 'nothing' : text} is not a timespan`,
    'write a number above 0 and s, m, h or d: 90m',
  )
  return undefined
}

/** Does the bound require a finding of every rule? */
const isWhole = ({ op, value }: Bound, rules: number): boolean =>
  ((op === 'gte' || op === 'eq') && value === rules) || (op === 'gt' && value === rules - 1)

type Condition = Pick<Correlation, 'bounds' | 'fields' | 'percentile'>

const NO_CONDITION: Condition = { bounds: [], fields: [], percentile: undefined }

function conditionOf(entry: Entry | undefined, report: ParseReport): Condition {
  if (!entry) return NO_CONDITION
  const all = entries(entry.value) ?? []
  if (scalarText(entry.value) !== undefined) {
    report.add(codes.sigmaExtended, spanOf(entry.value), {})
    return NO_CONDITION
  }
  if (all.length === 0) report.wrongValue('condition', entry.keySpan, 'not a mapping', 'write a bound: `gte: 10`')
  const number = (e: Entry, what: string, remedy: string): number[] => {
    const value = scalarText(e.value) ?? ''
    if (/^-?\d+(?:\.\d+)?$/.test(value)) return [Number(value)]
    report.wrongValue(`condition.${e.key}`, spanOf(e.value), `${value || 'nothing'} is not ${what}`, remedy)
    return []
  }
  const bounds = all.flatMap((e): Bound[] => {
    const op = OPS.find((o) => o === e.key)
    return op ? number(e, 'a count', 'write a number').map((value) => ({ op, value })) : []
  })
  report.unknownKeys(all, [...OPS, 'field', 'percentile'])
  const fields = all.find((e) => e.key === 'field')
  const [percentile] = all
    .filter((e) => e.key === 'percentile')
    .flatMap((e) => number(e, 'a percentage', 'write 0 to 100'))
  if (all.length > 0 && bounds.length === 0 && !all.some((e) => OPS.some((o) => o === e.key)))
    report.add(codes.sigmaMissing, entry.keySpan, { key: 'gte', of: 'the condition' })
  return { bounds, fields: fields ? items(fields.value).flatMap((n) => scalarText(n) ?? []) : [], percentile }
}

function aliasesOf(entry: Entry | undefined, report: ParseReport): Map<string, Map<string, string>> {
  const out = new Map<string, Map<string, string>>()
  for (const alias of entries(entry?.value) ?? []) {
    const of = entries(alias.value)
    if (!of)
      report.wrongValue(`aliases.${alias.key}`, alias.keySpan, 'not a mapping', 'write `rule: field` for each rule')
    out.set(alias.key, new Map((of ?? []).map((e) => [e.key, scalarText(e.value) ?? ''])))
  }
  return out
}
