// A field extraction rule of Sumo Logic over a log format: its fields are added to the events, as the platform adds them to messages.
import { type Code, diagnostic, noPlace } from '../diag/diagnostic.ts'
import { noParser } from '../diag/catalogue/workbench.ts'
import { failure, ok, type Result } from '../diag/result.ts'
import { binder } from '../eval/bind.ts'
import { eachRow } from '../eval/each-row.ts'
import type { Event, LogFormat, Reader } from '../logs/format.ts'
import { LazyEvent, LazyFields, othersOf } from '../logs/readers/fields.ts'
import { optimise } from '../passes/optimise.ts'
import { type Env, isHidden, type Plan, type SourceNode, type Value } from '../plan/plan.ts'
import type { Source } from '../text/source.ts'
import { compile, readLanguages } from './compile.ts'

const ROW_STAGES = new Set(['filter', 'order', 'project', 'set', 'unnest'])

const languageOfRule = ({ name }: Source) =>
  readLanguages.find((l) => l.fieldRule && l.extensions.some((e) => name.toLowerCase().endsWith(e)))

export const isExtractionRule = (file: Source): boolean => languageOfRule(file) !== undefined

/**
 * `rule` is the parse expression alone. A message that it does not match stays, without its fields. The scope of a rule is a matter of the
 * files that are given with it.
 */
export function extractionFormat(rule: Source, base: LogFormat): Result<LogFormat> {
  if (!languageOfRule(rule)?.fieldRule?.test(rule.text))
    return failure(refused(noParser, rule, 'a rule for fields begins with an operator such as `parse` or `json`'))
  const first = compiled(rule, '')
  if (!first.ok) return first
  const names = fieldsOf(first.value)
  if (names === undefined)
    return failure(refused(noParser, rule, 'a rule for fields only parses: it has no aggregates or joins'))
  const whole = compiled(rule, ` | fields ${names.map((n) => `%"${n}"`).join(', ')}`)
  if (!whole.ok) return whole
  // Messages are read one by one, so they have no order.
  const { out } = whole.value
  const plan = optimise({ ...whole.value, out: { ...out, stages: out.stages.filter((s) => s.kind !== 'order') } })
  const { from } = plan.out
  if (names.length === 0 || from.kind !== 'source') return failure(refused(noParser, rule, 'it makes no field'))
  const { plain: _, ...rest } = base
  return ok({
    ...rest,
    title: `${base.title}, with the fields of ${rule.name}`,
    // Values need not be in the text of the record.
    json: false,
    reader: (context, header) => {
      const env: Env = { now: 0n, start: 0n, end: 0n, zone: context.zone }
      return new RuleReader(base.reader(context, header), { plan, from, names, aliases: base.aliases, env })
    },
  })
}

const refused = (code: Code<{ path: string; problem: string }>, { name }: Source, problem: string) =>
  diagnostic(code, noPlace, { path: name, problem })

function compiled(rule: Source, behind: string): Result<Plan> {
  const text = /^(?:\s|\/\/[^\n]*\n)*\|/.test(rule.text) ? `*\n${rule.text}${behind}` : `*\n| ${rule.text}${behind}`
  const { plan, diagnostics } = compile({ name: rule.name, text }, languageOfRule(rule)?.id ?? '')
  const errors = diagnostics.filter((d) => d.severity === 'error')
  return plan && errors.length === 0 ? ok(plan) : failure(...errors)
}

/** Fields that the rule makes; undefined: it does more than parse. */
function fieldsOf({ out, lets }: Plan): readonly string[] | undefined {
  if (lets.length > 0 || out.stages.some((s) => !ROW_STAGES.has(s.kind))) return undefined
  const made = out.stages.flatMap((s) =>
    s.kind === 'set' ? s.columns.map((c) => c.id) : s.kind === 'unnest' ? [s.into] : [],
  )
  return [...new Set(made)].filter((id) => !isHidden(id) && !id.startsWith('_'))
}

interface Rule {
  readonly plan: Plan
  readonly from: SourceNode
  readonly names: readonly string[]
  readonly aliases: LogFormat['aliases']
  readonly env: Env
}

class RuleReader implements Reader {
  readonly #base: Reader
  readonly #made: (event: Event, raw: string) => ReadonlyMap<string, string>

  constructor(base: Reader, { plan, from, names, aliases, env }: Rule) {
    this.#base = base
    const each = eachRow(plan, env, 'events')
    const bound = binder(from, aliases)
    const slots = names.flatMap((name) => {
      const slot = each.layout.get(name)
      return slot === undefined ? [] : [[name, slot] as const]
    })
    this.#made = (event, raw) => {
      const [row] = each.run(bound.tuple(event, { file: '', raw, seq: 0n }))
      const values = slots.map(([name, slot]) => [name, row?.[slot] ?? null] as const)
      return new Map(values.flatMap(([name, value]) => (value === null ? [] : [[name, textOf(value)] as const])))
    }
  }

  read(record: string): ReturnType<Reader['read']> {
    const read = this.#base.read(record)
    return 'fields' in read ? this.#with(read, record) : read
  }

  end(): ReturnType<Reader['read']> | undefined {
    const last = this.#base.end?.()
    return last && 'fields' in last ? this.#with(last, last.raw ?? '') : last
  }

  #with(event: Event, record: string): Event {
    const raw = event.raw ?? record
    return new LazyEvent(new RuleFields(event, this.#made(event, raw)), event.notes, event.raw)
  }
}

const textOf = (value: Exclude<Value, null>): string => (Array.isArray(value) ? value.join(',') : String(value))

class RuleFields extends LazyFields {
  readonly #event: Event
  readonly #made: ReadonlyMap<string, string>

  constructor(event: Event, made: ReadonlyMap<string, string>) {
    super()
    this.#event = event
    this.#made = made
  }

  get(name: string): string | undefined {
    return this.#made.get(name) ?? this.#event.fields.get(name)
  }

  names(): Iterable<string> {
    return new Set([...this.#event.fields.keys(), ...this.#made.keys()])
  }

  override others(): Iterable<string> {
    return othersOf(this.#event.fields)
  }

  when(): bigint | undefined {
    return this.#event.time
  }
}
