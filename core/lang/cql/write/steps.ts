// Counting, thresholds, order and columns in CQL.
import type { Measure, Step } from '../../shared/portable.ts'
import { EMPTY_KEY } from '../../shared/target.ts'
import { argument, type CqlConditions, name, NotCql, quoted, tagged } from './condition.ts'

const WINDOW = 'window_start'

/** One pipeline step each, without the bar. */
export function stepTexts(steps: readonly Step[], conditions: CqlConditions): string[] {
  const texts = (s: Step): string[] => {
    switch (s.kind) {
      case 'where':
        return conditions.filters(s.where)
      case 'aggregate': {
        const millis = s.bucket === undefined ? undefined : s.bucket / 1000n
        const before: string[] = []
        if (s.nullKeys === 'keep' && s.by.length > 0) {
          before.push(`default(field=${fieldList(s.by)}, value="")`)
          conditions.lose('empty-key', EMPTY_KEY(s.by), s)
        }
        const names = [...s.by, ...s.measures.map((m) => (m.of === 'values' ? m.field : m.name))]
        const twice = names.find((n, i) => names.indexOf(n) < i)
        if (twice !== undefined)
          throw new NotCql(`two columns with the name ${twice}: collect() takes that of its field`)
        if (millis !== undefined) before.push(`${WINDOW} := @timestamp - (@timestamp % ${millis})`)
        const by = [...(millis === undefined ? [] : [WINDOW]), ...s.by]
        return [...before, grouped(by, s.measures.map(measure), s.limit), ...s.measures.flatMap(renamed)]
      }
      case 'order':
        return [order(s)]
      case 'columns':
        return [`select(${fieldList(s.fields)})`]
    }
  }
  return steps.flatMap(texts)
}

export function fieldName(field: string): string {
  const own = tagged(field)
  return /^[#@A-Za-z_][\w.]*$/.test(own) ? own : quoted(own)
}
export const fieldList = (of: readonly string[]): string =>
  of.length === 1 ? fieldName(of[0] as string) : `[${of.map(fieldName).join(', ')}]`

/** `groupBy` drops groups over its limit, so the highest is given. */
export function grouped(by: readonly string[], measures: readonly string[], limit: number | 'max' = 'max'): string {
  const functions = measures.length === 1 ? (measures[0] as string) : `[${measures.join(', ')}]`
  if (by.length === 0) return measures.length === 0 ? 'count()' : functions
  if (measures.length === 0) return `groupBy(${fieldList(by)}, function=[], limit=${limit})`
  return `groupBy(${fieldList(by)}, function=${functions}, limit=${limit})`
}

export function measure(m: Measure): string {
  const as = `as=${fieldName(m.name)}`
  const of = m.field === undefined ? undefined : argument(m.field)
  switch (m.of) {
    case 'count':
      return of === undefined ? `count(${as})` : `count(${of}, ${as})`
    case 'distinct':
      return `count(${of ?? needs(m)}, distinct=true, ${as})`
    case 'sum':
    case 'min':
    case 'max':
      return `${m.of}(${of ?? needs(m)}, ${as})`
    case 'average':
      return `avg(${of ?? needs(m)}, ${as})`
    case 'median':
      return `percentile(${of ?? needs(m)}, percentiles=[50], ${as})`
    case 'percentile':
      return `percentile(${of ?? needs(m)}, percentiles=[${m.percentile ?? 50}], ${as})`
    case 'values':
      return `collect(${of ?? needs(m)}${m.most === undefined ? '' : `, limit=${m.most}`})`
    case 'first':
    case 'last':
      return `${m.of === 'first' ? 'selectFromMin' : 'selectLast'}([${fieldName(m.field ?? '')}])`
  }
}

/** `percentile` puts the number of the percentile behind the name that it is given, and `collect` keeps the field's. */
export function renamed(m: Measure): string[] {
  if (m.of === 'values' && m.field !== undefined && m.field !== m.name)
    return [`rename(${fieldName(m.field)}, as=${fieldName(m.name)})`]
  if (m.of !== 'median' && m.of !== 'percentile') return []
  return [`rename(${fieldName(`${m.name}_${m.of === 'median' ? 50 : (m.percentile ?? 50)}`)}, as=${fieldName(m.name)})`]
}

function needs(m: Measure): never {
  throw new NotCql(`\`${m.name}\` has no field`)
}

function order({ by, limit }: Extract<Step, { kind: 'order' }>): string {
  const [first, ...others] = by
  if (!first) return `head(${limit ?? 'max'})`
  if (first.field === '@timestamp' && others.length === 0 && limit !== undefined)
    return `${first.descending ? 'tail' : 'head'}(${limit})`
  const keys = by.length === 1 ? name(first.field) : `[${by.map((k) => fieldName(k.field)).join(', ')}]`
  const ways = by.map((k) => (k.descending ? 'desc' : 'asc'))
  const way = ways.length === 1 ? ways[0] : `[${ways.join(', ')}]`
  const types = by.map((k) => (k.as === 'text' ? 'string' : 'number'))
  const type = !types.includes('string') ? '' : types.length === 1 ? ', type=string' : `, type=[${types.join(', ')}]`
  return `sort(${keys}, order=${way}${type}, limit=${limit ?? 'max'})`
}
