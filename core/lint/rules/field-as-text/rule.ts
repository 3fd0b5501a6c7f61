import { inText } from '../../../diag/diagnostic.ts'
import type { Outline, Value } from '../../../lang/shared/outline.ts'
import { all as catalogues } from '../../../logs/catalogues/_index.ts'
import type { EventCatalogue } from '../../../logs/catalogue.ts'
import { allTests } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly field: string
  readonly value: string
}

export const fieldAsText = textRule<Params>({
  id: 'LNT420',
  slug: 'field-as-text',
  severity: 'warning',
  title: 'A filter compares with the name of a field',
  message: (p) => `\`${p.value}\` is compared as a text here`,
  why: 'The right side of `=` in a filter is a value. A filter neither compares two fields nor computes.',
  remedy: (p) =>
    `write \`test(${p.field} == ${p.value})\` to compare, or \`${p.field} := ${p.value}\` to assign; put a text in quotes`,
  checkText({ outline, source }) {
    const { traits } = outline
    if (traits.globTest || traits.foldsCase) return []
    const prefixes = new Set(allTests(outline).flatMap(({ test }) => prefixOf(test.field) ?? []))
    return allTests(outline).flatMap(({ test }): Violation<Params>[] => {
      const [value] = test.values
      if (value?.kind !== 'bare' || (test.op !== '=' && test.op !== '!=')) return []
      const { text } = value
      // Its own name is another rule's.
      if (/event_simpleName$/.test(test.field) || (test.op === '=' && text === test.field)) return []
      const prefix = prefixOf(text)
      const isField = isRead(outline, value) || (prefix !== undefined && prefixes.has(prefix))
      const computes = text.startsWith(test.field) && /^[*/]\d/.test(text.slice(test.field.length))
      return isField || computes ? [{ at: inText(source, value.at), params: { field: test.field, value: text } }] : []
    })
  },
})

const catalogued: ReadonlySet<string> = new Set(
  (catalogues as readonly EventCatalogue[]).flatMap((c) => [...c.fieldNames, ...c.events.flatMap((e) => e.fields)]),
)
/** A list of values names event types without quotes too. */
const isEventType = (name: string): boolean =>
  name.startsWith('Event_') || (catalogues as readonly EventCatalogue[]).some((c) => c.eventNames.includes(name))

const isCatalogued = (name: string): boolean => catalogued.has(name) && !isEventType(name)

/** Another condition reads it as a field, or a step before makes it. */
const isRead = (outline: Outline, { text, at }: Value): boolean =>
  allTests(outline).some(({ test }) => test.field === text) ||
  (/[a-z][A-Z.]/.test(text) && !isEventType(text) && outline.names?.some((n) => n.name === text) === true) ||
  (/^[A-Z][a-z]+[A-Z][A-Za-z0-9]+$/.test(text) && isCatalogued(text)) ||
  outline.pipelines.some((p) => p.steps.some((s) => s.kind === 'set' && s.field === text && s.at.end <= at.start))

/** `source.` of `source.ip`. */
const prefixOf = (name: string): string | undefined => /^[A-Za-z_]\w*\./.exec(name)?.[0]
