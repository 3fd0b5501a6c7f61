// A detection as EQL of Elastic, the language for events in order.
// https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax
import { conjuncts, all, isCased, normal, plainText, shapeOf, type TextTest } from '../shared/condition.ts'
import { type Layout, render } from '../shared/layout.ts'
import { lucenePattern } from '../shared/lucene.ts'
import type { CorrelationDetection, EventDetection, PortableDetection, Test, Written } from '../shared/portable.ts'
import { conditionTree, type Words } from '../shared/simple-writer.ts'
import {
  type Columns,
  columnsOf,
  type Losses,
  Refused,
  sourceName,
  spanText,
  type TargetVocabulary,
  written,
} from '../shared/target.ts'

const LAYOUT: Layout = { all: ' and ', any: ' or ', width: 110 }

export const write = (d: PortableDetection, vocabulary: TargetVocabulary): Written =>
  written((losses) => {
    const title = d.title === undefined ? '' : `// ${d.title.replace(/\s+/g, ' ').trim()}\n`
    return `${title}${d.kind === 'events' ? eventsText(d, vocabulary, losses) : correlationText(d, vocabulary, losses)}\n`
  })

function eventsText(d: EventDetection, vocabulary: TargetVocabulary, losses: Losses, indent = 4): string {
  if (d.steps.length > 0) throw new Refused('EQL does not count; a threshold belongs to ES|QL')
  const columns = columnsOf(d, vocabulary, losses, (of) => {
    throw new Refused(of ? `no index for the log source ${sourceName(of)}` : 'the detection names no log source')
  })
  const source = conjuncts(columns.source.where ?? { kind: 'always' })
  const category = source.flatMap((c) => (c.kind === 'text' && c.field === 'event.category' ? [plainText(c)] : []))[0]
  const rest = source.filter((c) => !(c.kind === 'text' && c.field === 'event.category'))
  const where = all(...rest, columns.condition(d.where))
  return `${category ?? 'any'} where ${render(conditionTree(where, wordsOf(columns)), LAYOUT, indent)}`
}

function correlationText(c: CorrelationDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const rules = c.of.map((d) => {
    if (d.kind === 'correlation') throw new Refused('EQL has no counterpart for a correlation of correlations')
    return d
  })
  const span = `with maxspan=${spanText(c.timespan)}`
  const keys = (i: number): string => {
    const names = c.groupBy.map((g) =>
      columnsOf(rules[i] as EventDetection, vocabulary, losses, missing).name(g.fields[i] ?? g.name),
    )
    return names.length === 0 ? '' : ` by ${names.map(nameText).join(', ')}`
  }
  const part = (i: number): string => `  [${eventsText(rules[i] as EventDetection, vocabulary, losses, 8)}]`
  if (c.type === 'temporal_ordered') {
    losses.add(
      'pending',
      'EQL keeps one pending sequence for each group and step: a newer first event replaces an older one',
    )
    return `sequence ${span}\n${rules.map((_, i) => `${part(i)}${keys(i)}`).join('\n')}`
  }
  const least = leastOf(c)
  if (c.type === 'event_count' && rules.length === 1 && least !== undefined) {
    losses.add('pending', 'EQL begins a new sequence after each one that it found')
    return `sequence${keys(0)} ${span}\n${part(0)} with runs=${least}`
  }
  throw new Refused(`EQL has no counterpart for ${c.type}`)
}

const missing = (): never => {
  throw new Refused('no index for the log source')
}

/** `runs` takes 1 to 100. */
function leastOf(c: CorrelationDetection): number | undefined {
  const [bound, ...others] = c.bounds
  if (!bound || others.length > 0) return undefined
  const least = bound.op === '>=' ? bound.value : bound.op === '>' ? bound.value + 1 : undefined
  return least !== undefined && Number.isInteger(least) && least >= 1 && least <= 100 ? least : undefined
}

const nameText = (name: string): string =>
  name
    .split('.')
    .map((p) => (/^[A-Za-z_@][\w@]*$/.test(p) ? p : `\`${p.replaceAll('`', '``')}\``))
    .join('.')
const LETTERS = { '\n': 'n', '\r': 'r', '\t': 't', '"': '"', '\\': '\\' } as const
const textLiteral = (text: string): string => `"${text.replace(/[\\"\n\r\t]/g, (c) => `\\${LETTERS[c as '\n']}`)}"`

const wordsOf = (columns: Columns): Words => ({
  always: 'true',
  never: 'false',
  not: 'not',
  /** A field that no index has is an error unless `?` is in front; a missing value is null, and a test of it too. */
  test: (t, negated) => {
    const text = testText(t, columns)
    return negated && 'field' in t && t.kind !== 'exists' ? `(?${nameText(t.field)} != null and ${text})` : text
  },
  list: (t) => {
    if (t.kind !== 'text' || hasStars(t) || columns.type(t.field) !== 'text') return undefined
    const op = t.cased ? 'like' : ':'
    return shapeOf(t.parts).kind === 'present'
      ? undefined
      : { beginning: `?${nameText(t.field)} ${op} `, item: textLiteral(globText(t)) }
  },
})

/** `*` and `?` of the value itself: they have no escape in `:` and `like`. */
const hasStars = (t: TextTest): boolean => t.parts.some((p) => 'text' in p && /[*?]/.test(p.text))
const globText = (t: TextTest): string =>
  normal(t.parts)
    .map((p) => ('text' in p ? p.text : p.wild))
    .join('')
const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\#@&<>~"-]/g, '\\$&')

function testText(t: Test, columns: Columns): string {
  switch (t.kind) {
    case 'exists':
      return `?${nameText(t.field)} != null`
    case 'number':
      return `?${nameText(t.field)} ${t.op === '=' ? '==' : t.op} ${t.value}`
    case 'network':
      return `cidrMatch(?${nameText(t.field)}, ${textLiteral(t.network)})`
    case 'regex': {
      const { pattern, folded } = lucenePattern(t.pattern, t.flags, t.at)
      return `?${nameText(t.field)} ${folded ? 'regex~' : 'regex'} ${textLiteral(pattern)}`
    }
    case 'text':
      return textTest(t, columns)
    case 'fields':
      throw new Refused('EQL compares no two fields', t.at)
    default:
      throw new Refused('EQL has no search of the whole record', t.at)
  }
}

function textTest(t: TextTest, columns: Columns): string {
  const field = `?${nameText(t.field)}`
  if (shapeOf(t.parts).kind === 'present') return `${field} != null`
  const plain = plainText(t)
  if (columns.type(t.field) === 'number') {
    if (plain === undefined || !/^-?\d{1,15}$/.test(plain)) throw new Refused(`${t.field} holds a number`, t.at)
    return `${field} == ${Number(plain)}`
  }
  if (hasStars(t)) {
    const pattern = normal(t.parts)
      .map((p) => ('text' in p ? quoted(p.text) : p.wild === '*' ? '.*' : '.'))
      .join('')
    return `${field} ${t.cased ? 'regex' : 'regex~'} ${textLiteral(pattern)}`
  }
  const isPlain = plain !== undefined && (t.cased || !isCased(plain))
  return `${field} ${isPlain ? '==' : t.cased ? 'like' : ':'} ${textLiteral(globText(t))}`
}
