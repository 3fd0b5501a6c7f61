// A detection as YARA-L 2.0 of Google Security Operations, in the Unified Data Model.
// https://cloud.google.com/chronicle/docs/detection/yara-l-2-0-syntax
import { missing, parseRegex, printRegex } from '../../regex/regex.ts'
import { conjuncts, all, searchPattern, shapeOf } from '../shared/condition.ts'
import { type Layout, render } from '../shared/layout.ts'
import type {
  Condition,
  CorrelationDetection,
  EventDetection,
  PortableDetection,
  Test,
  Written,
} from '../shared/portable.ts'
import { conditionTree, type Words } from '../shared/simple-writer.ts'
import { type Columns, columnsOf, type Losses, Refused, sourceName, spanText, written } from '../shared/target.ts'
import { udm } from './udm.ts'

const LAYOUT: Layout = { all: ' and ', any: ' or ', width: 110 }
const MINUTE = 60_000_000n

export const write = (d: PortableDetection): Written =>
  written((losses) => {
    const name =
      (d.title ?? 'detection')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_|_$/g, '') || 'detection'
    const meta = [
      `description = ${textLiteral((d.description ?? d.title ?? 'A detection').replace(/\s+/g, ' ').trim())}`,
      ...(d.level === undefined ? [] : [`severity = ${textLiteral(d.level)}`]),
    ]
    const { events, match, condition } = d.kind === 'events' ? single(d, losses) : counted(d, losses)
    const section = (title: string, lines: readonly string[]): string[] =>
      lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((l) => `    ${l.replaceAll('\n', '\n    ')}`)]
    return [
      `rule ${/^[a-z]/.test(name) ? name : `r_${name}`} {`,
      ...section('meta', meta),
      ...section('events', events),
      ...section('match', match),
      ...section('condition', [condition]),
      '}',
      '',
    ].join('\n')
  })

interface Parts {
  readonly events: readonly string[]
  readonly match: readonly string[]
  readonly condition: string
}

const single = (d: EventDetection, losses: Losses): Parts => ({
  events: eventLines(d, losses).lines,
  match: [],
  condition: '$e',
})

/** `over` is a window that hops; it finds what `by`, a window at fixed borders, would cut. Limits: one minute to 48 hours. */
function counted(c: CorrelationDetection, losses: Losses): Parts {
  const [d, ...others] = c.of
  const [bound, ...bounds] = c.bounds
  if (
    c.type !== 'event_count' ||
    !d ||
    d.kind !== 'events' ||
    others.length > 0 ||
    !bound ||
    bounds.length > 0 ||
    bound.op === '!=' ||
    bound.op === '='
  )
    throw new Refused(`YARA-L is written for the events of one rule and one bound, not for ${c.type}`)
  if (c.timespan < MINUTE || c.timespan > 2880n * MINUTE)
    throw new Refused('a window of YARA-L is one minute to 48 hours')
  if (c.groupBy.length === 0) throw new Refused('a window of YARA-L needs a group')
  losses.add('window-hop', `a window of ${spanText(c.timespan)} hops in steps that the platform chooses`)
  const { lines, columns } = eventLines(d, losses)
  const keys = c.groupBy.map((g, i) => ({
    variable: `$${g.name.replace(/\W/g, '_') || `key${i}`}`,
    field: `$e.${columns.name(g.fields[0] ?? g.name)}`,
  }))
  return {
    events: [...lines, ...keys.map((k) => `${k.field} = ${k.variable}`)],
    match: [`${keys.map((k) => k.variable).join(', ')} over ${spanText(c.timespan)}`],
    condition: `#e ${bound.op} ${bound.value}`,
  }
}

function eventLines(d: EventDetection, losses: Losses): { lines: readonly string[]; columns: Columns } {
  if (d.steps.length > 0) throw new Refused('YARA-L counts in a window only')
  const columns = columnsOf(d, udm, losses, (of) => {
    throw new Refused(
      of ? `no event type of the data model for the log source ${sourceName(of)}` : 'the detection names no log source',
    )
  })
  const { from, product } = columns.source
  if (d.logsource?.product !== undefined && product === undefined)
    losses.add('platform', `${from} has the events of all products, not of ${d.logsource.product} alone`)
  const where = all(columns.source.where ?? { kind: 'always' }, columns.condition(d.where))
  return { lines: conjuncts(where).map((c) => lineText(c, wordsOf(columns, losses))), columns }
}

/** Lines are joined by `and`. */
function lineText(c: Condition, words: Words): string {
  const tree = conditionTree(c, words)
  return tree.kind === 'any' ? `(${render(tree, LAYOUT, 8)})` : render(tree, LAYOUT, 4)
}

const textLiteral = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`
const regexLiteral = (pattern: string): string =>
  `/${pattern.replace(/\\[\s\S]|\//g, (m) => (m === '/' ? '\\/' : m)).replaceAll('\n', '\\n')}/`
const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const wordsOf = (columns: Columns, losses: Losses): Words => ({
  always: '$e.metadata.event_type != ""',
  never: '$e.metadata.event_type = ""',
  not: 'not',
  test: (t, negated) => {
    if (negated && 'field' in t && columns.hasMany(t.field))
      losses.add(
        'repeated',
        `${t.field} can have several values: \`not\` of a test is true if any value fails it`,
        t.at,
      )
    return testText(t, columns, losses)
  },
})

function testText(t: Test, columns: Columns, losses: Losses): string {
  if (!('field' in t))
    throw new Refused(
      t.kind === 'fields' ? 'YARA-L is written for tests of one field' : 'YARA-L has no search of the raw record',
      'at' in t ? t.at : undefined,
    )
  const field = `$e.${t.field}`
  switch (t.kind) {
    case 'exists':
      losses.add('null-or-empty', `${t.field}: an absent value is the empty text or 0`, t.at)
      return columns.type(t.field) === 'number' ? `${field} != 0` : `${field} != ""`
    case 'number':
      return `${field} ${t.op} ${t.value}`
    case 'network':
      return `net.ip_in_range_cidr(${field}, ${textLiteral(t.network)})`
    case 'regex': {
      const parsed = parseRegex(t.pattern, t.flags)
      if (!parsed.ok) throw new Refused(`the pattern does not parse: ${parsed.error.reason}`, t.at)
      const [lacks] = missing(parsed.regex, 're2', false)
      if (lacks) throw new Refused(`the pattern has ${lacks.feature}, which RE2 lacks`, t.at)
      return `${field} = ${regexLiteral(printRegex(parsed.regex, 're2', 'none').pattern)}`
    }
    case 'text': {
      const shape = shapeOf(t.parts)
      const nocase = t.cased ? '' : ' nocase'
      if (shape.kind === 'present') return testText({ kind: 'exists', field: t.field }, columns, losses)
      if (shape.kind !== 'is')
        return `${field} = ${regexLiteral(`${t.parts.some((p) => 'wild' in p) ? '(?s)' : ''}${searchPattern(t.parts, quoted)}`.replace(/^\(\?s\)(?!.*(?<!\\)\.)/, ''))}${nocase}`
      if (columns.type(t.field) !== 'number') return `${field} = ${textLiteral(shape.text)}${nocase}`
      if (!/^\d{1,15}$/.test(shape.text)) throw new Refused(`${t.field} holds a number`, t.at)
      return `${field} = ${Number(shape.text)}`
    }
  }
}
