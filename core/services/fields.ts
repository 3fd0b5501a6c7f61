// The fields that a query has at a place: of its events by the catalogues and the telemetry, and those that its steps give.
import { eventNames } from '../lint/event-names.ts'
import { type EventCatalogue, whatSupplies } from '../logs/catalogue.ts'
import { all } from '../logs/catalogues/_index.ts'
import { isHidden } from '../plan/plan.ts'
import { schemaOf } from '../plan/schema.ts'
import { byName } from '../text/by-name.ts'
import { compile } from '../workbench/compile.ts'
import type { OpenQuery, Surroundings } from './document.ts'

export const catalogues: readonly EventCatalogue[] = all

/** Name → its origin, in a few words. */
export type Fields = ReadonlyMap<string, string>

/** The fields before a step. `before`: the text of the steps before it. */
export function fieldsBefore(query: OpenQuery, before: string, around: Surroundings): Fields {
  const { language } = query
  const fields = new Map<string, string>()
  const { plan } = compile({ name: query.source.name, text: before }, language.id, {
    ...(around.context && { context: around.context }),
  })
  const schema = plan && schemaOf(plan.out, plan.lets)
  for (const id of schema?.columns.keys() ?? []) if (!isHidden(id)) fields.set(id, 'of the steps before')
  for (const m of language.read.editor?.marked(before).marks ?? [])
    if (m.assigned && m.kind === 'field' && m.name !== undefined && (!schema || schema.rest))
      fields.set(m.name, 'assigned above')
  // A step such as an aggregate leaves only its own fields.
  if (schema && !schema.rest && before.trim() !== '') return fields
  for (const name of around.profile?.keys() ?? []) if (!fields.has(name)) fields.set(name, 'in the telemetry')
  if (language.platform.portable) return fields
  for (const catalogue of catalogues) {
    const named = plan ? eventNames(plan.out, [catalogue.typeField, `#${catalogue.typeField}`]) : []
    const events = catalogue.events.filter((e) => named.includes(e.name))
    if (events.length === 0 && language.read.parsedNames !== true) continue
    const origin = events.length > 0 ? `of ${events.map((e) => e.name).join(', ')}` : `of ${catalogue.title}`
    for (const e of events.length > 0 ? events : catalogue.events)
      for (const f of [...e.fields, ...Object.values(e.only).flat(), ...e.sometimes])
        if (!fields.has(f)) fields.set(f, origin)
  }
  return fields
}

/** Values of a field: names of events, and values of the telemetry. */
export function valuesOf(field: string, around: Surroundings): string[] {
  const plain = field.replace(/^#/, '')
  const named = catalogues.flatMap((c) => (c.typeField === plain ? c.events.map((e) => e.name) : []))
  return [...new Set([...(around.profile?.get(field) ?? around.profile?.get(plain) ?? []), ...named])]
}

/** The facts that the catalogues have about a field, one sentence each. */
export function factsAbout(field: string, events: readonly string[]): string[] {
  const plain = field.replace(/^#/, '')
  return catalogues.flatMap((c): string[] => {
    const names = c.events.map((e) => e.name).filter((n) => events.length === 0 || events.includes(n))
    const having = names.filter((n) => (whatSupplies(c, n, field)?.inFeeds.length ?? 0) > 0)
    const supplier = byName(c.suppliers)[field]
    const none = byName(c.inNoFeed)[field]
    const facts: string[] = []
    if (plain === c.typeField) facts.push(`The type of an event, in ${c.title}.`)
    else if (having.length > 0) facts.push(`${c.title}: on ${shortList(having)}.`)
    if (supplier !== undefined) facts.push(sentence(supplier))
    const without = none?.events.filter((n) => names.includes(n)) ?? []
    if (none && without.length > 0) facts.push(`In no feed on ${shortList(without)}: ${none.why}.`)
    return facts
  })
}

/** Fields of an event type, for people. */
export const eventNamed = (name: string): readonly string[] | undefined =>
  catalogues.flatMap((c) => c.events).find((e) => e.name === name)?.fields

export const shortList = (all: readonly string[], most = 6): string =>
  all.length > most ? `${all.slice(0, most).join(', ')} and ${all.length - most} more` : all.join(', ')

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
