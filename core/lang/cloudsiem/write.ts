// A detection as a rule of Sumo Logic Cloud SIEM, in the form that keeps rules in a repository: the vendor's Terraform provider.
// https://registry.terraform.io/providers/SumoLogic/sumologic/latest/docs
import { all, ALWAYS } from '../shared/condition.ts'
import type { CorrelationDetection, EventDetection, PortableDetection, Written } from '../shared/portable.ts'
import { type Columns, columnsOf, type Losses, Refused, sourceName, written } from '../shared/target.ts'
import { expression, nameText } from './expression.ts'
import { records } from './records.ts'

export const write = (d: PortableDetection): Written =>
  written((losses) => (d.kind === 'events' ? matchRule(d, losses) : correlationRule(d, losses)))

interface Part {
  readonly columns: Columns
  readonly expression: string
}

function part(d: PortableDetection, losses: Losses): Part {
  if (d.kind === 'correlation') throw new Refused('a rule of Cloud SIEM counts records, not the signals of other rules')
  if (d.steps.length > 0)
    throw new Refused('a rule of Cloud SIEM has one condition on records; steps belong to a log search')
  const columns = columnsOf(d, records, losses, (of) => {
    throw new Refused(
      of ? `no mapper is known for the log source ${sourceName(of)}` : 'the detection names no log source',
    )
  })
  const where = all(columns.source.where ?? ALWAYS, columns.condition(d.where))
  return { columns, expression: expression(where, columns, losses) }
}

function matchRule(d: EventDetection, losses: Losses): string {
  const { columns, expression } = part(d, losses)
  const text = titleOf(d)
  return resource('match', d, [
    `name = ${quoted(text)}`,
    `name_expression = ${quoted(text)}`,
    `description_expression = ${quoted(descriptionOf(d))}`,
    ...SETTINGS,
    ...entitiesOf([columns]),
    ...heredoc(expression),
    'severity_mapping {',
    '  type = "constant"',
    `  default = ${severityOf(d)}`,
    '}',
    tagsOf(d),
  ])
}

/** A window of Cloud SIEM is one of a list, or any number of milliseconds from a minute to five days. */
const WINDOWS: ReadonlyMap<bigint, string> = new Map(
  (
    [
      ['T05M', 5n],
      ['T10M', 10n],
      ['T30M', 30n],
      ['T60M', 60n],
      ['T12H', 720n],
      ['T24H', 1440n],
      ['T05D', 7200n],
    ] as const
  ).map(([name, minutes]) => [minutes * 60_000_000n, name]),
)

function windowOf(timespan: bigint): string[] {
  const name = WINDOWS.get(timespan)
  if (name !== undefined) return [`window_size = "${name}"`]
  const millis = timespan / 1000n
  if (millis < 60_000n || millis > 432_000_000n)
    throw new Refused('a window of Cloud SIEM is a minute to five days long')
  return ['window_size = "CUSTOM"', `window_size_millis = "${millis}"`]
}

function correlationRule(c: CorrelationDetection, losses: Losses): string {
  const parts = c.of.map((d) => part(d, losses))
  const groups = c.groupBy.map((g) => {
    const names = new Set(parts.map(({ columns }, i) => columns.name(g.fields[i] ?? g.name)))
    const [name = g.name] = names
    if (names.size > 1) throw new Refused(`the rules have ${[...names].join(' and ')} for the group ${g.name}`)
    return name
  })
  losses.add('window-unsaid', 'the documentation does not say whether windows of a rule slide or follow each other')
  const shared = (counted: readonly string[]): string[] => [
    `name = ${quoted(titleOf(c))}`,
    `description = ${quoted(descriptionOf(c))}`,
    ...SETTINGS,
    ...entitiesOf(
      parts.map((p) => p.columns),
      groups,
    ),
    ...counted,
    `group_by_fields = [${groups.map((g) => quoted(nameText(g, losses))).join(', ')}]`,
    ...windowOf(c.timespan),
    `severity = ${severityOf(c)}`,
    tagsOf(c),
  ]
  const [first] = parts
  if ((c.type === 'event_count' || c.type === 'value_count') && first && parts.length === 1)
    return resource(
      'threshold',
      c,
      shared([...heredoc(first.expression), ...distinctOf(c, first, losses), `limit = ${limitOf(c)}`]),
    )
  if (c.type === 'temporal' || c.type === 'temporal_ordered')
    return resource(
      'chain',
      c,
      shared([
        ...parts.flatMap((p) => [
          'expressions_and_limits {',
          ...heredoc(p.expression).map((l) => `  ${l}`),
          '  limit = 1',
          '}',
        ]),
        `ordered = ${c.type === 'temporal_ordered'}`,
      ]),
    )
  throw new Refused(
    `a rule of Cloud SIEM has no counterpart for ${c.type}${parts.length > 1 ? ' of several rules' : ''}`,
  )
}

function distinctOf(c: CorrelationDetection, { columns }: Part, losses: Losses): string[] {
  if (c.type !== 'value_count') return []
  const [field, ...others] = c.fields
  if (field === undefined || others.length > 0) throw new Refused('a threshold rule counts the values of one field')
  return ['count_distinct = true', `count_field = ${quoted(nameText(columns.name(field), losses))}`]
}

/** A signal is made at this many records or more. */
function limitOf(c: CorrelationDetection): number {
  const [bound, ...others] = c.bounds
  const least = bound?.op === '>=' ? bound.value : bound?.op === '>' ? Math.floor(bound.value) + 1 : undefined
  if (least === undefined || others.length > 0 || !Number.isInteger(least) || least < 1)
    throw new Refused('a threshold rule fires at a number of records or more, and at nothing else')
  return least
}

/** https://help.sumologic.com/docs/cse/schema/schema-attributes/: attributes that are entities. */
const ENTITIES: Readonly<Record<string, string>> = Object.freeze({
  device_hostname: '_hostname',
  srcDevice_hostname: '_hostname',
  dstDevice_hostname: '_hostname',
  srcDevice_ip: '_ip',
  dstDevice_ip: '_ip',
  user_username: '_username',
})

/** A grouped rule makes signals on its groups, as far as they are entities; others on all entities that their records have. */
function entitiesOf(of: readonly Columns[], groups: readonly string[] = []): string[] {
  const isEntity = (name: unknown): name is string => typeof name === 'string' && Object.hasOwn(ENTITIES, name)
  const have = of.map(({ source }) => new Set(Object.values(source.fields).filter(isEntity)))
  const shared = [...(have[0] ?? [])].filter((name) => have.every((names) => names.has(name)))
  const own = groups.filter(isEntity)
  const names = own.length > 0 ? own : shared.filter((n) => n !== 'dstDevice_hostname' && n !== 'srcDevice_hostname')
  if (names.length === 0)
    throw new Refused('a signal needs an entity, and the records have none that all of them share')
  return names.flatMap((n) => ['entity_selectors {', `  entity_type = "${ENTITIES[n]}"`, `  expression = "${n}"`, '}'])
}

/** A new rule first makes prototype signals, which raise no insight. */
const SETTINGS = ['enabled = true', 'is_prototype = true']

const SEVERITY: Readonly<Record<string, number>> = Object.freeze({
  informational: 1,
  low: 3,
  medium: 5,
  high: 7,
  critical: 9,
})
const severityOf = ({ level }: PortableDetection): number => (level === undefined ? 5 : (SEVERITY[level] ?? 5))

const titleOf = ({ title }: PortableDetection): string => title?.replace(/\s+/g, ' ').trim() || 'Untitled detection'
const descriptionOf = (d: PortableDetection): string => d.description?.replace(/\s+/g, ' ').trim() || titleOf(d)

const tagsOf = ({ tags = [] }: PortableDetection): string =>
  `tags = [${tags
    .flatMap((t) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(t)?.[1]?.toUpperCase() ?? [])
    .map((id) => `"_mitreAttackTechnique:${id}"`)
    .join(', ')}]`

function resource(kind: 'chain' | 'match' | 'threshold', d: PortableDetection, lines: readonly string[]): string {
  const name = titleOf(d)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  const id = /^[a-z]/.test(name) ? name : `rule_${name}`
  return `resource "sumologic_cse_${kind}_rule" "${id}" {\n${lines.map((l) => (l === '' ? '' : `  ${l}`)).join('\n')}\n}\n`
}

/** https://developer.hashicorp.com/terraform/language/expressions/strings: templates begin with two marks; a doubled mark is itself. */
const untemplated = (text: string): string => text.replace(/([$%])\{/g, '$1$1{')
const quoted = (text: string): string => `"${untemplated(text.replace(/[\\"]/g, (c) => `\\${c}`))}"`
/** Backslashes stand for themselves. */
const heredoc = (text: string): string[] => [
  'expression = <<-EOT',
  ...untemplated(text)
    .split('\n')
    .map((l) => `  ${l}`),
  'EOT',
]
