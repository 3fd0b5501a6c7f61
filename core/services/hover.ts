// The facts about the word under the pointer.
import { eventNames } from '../lint/event-names.ts'
import type { Mark } from '../lang/shared/editor.ts'
import { printForeign } from '../text/foreign.ts'
import { builtinPage, builtinsNamed, parameterDoc } from './builtin-page.ts'
import { inDocument, type OpenQuery, type OpenText, partAt, type Surroundings } from './document.ts'
import { catalogues, eventNamed, factsAbout, shortList } from './fields.ts'
import type { Hover } from './answers.ts'
import { schemaHover } from './schema-file.ts'

export function hoverAt(document: OpenText, offset: number, around: Surroundings = {}): Hover | undefined {
  if (document.kind === 'detection' || document.kind === 'settings') return schemaHover(document, offset)
  const found = partAt(document, offset)
  if (!found) return undefined
  const { part, at } = found
  const { marks } = part.query.marked
  const mark = marks.find((m) => m.span.start <= at && at < m.span.end) ?? marks.find((m) => m.span.end === at)
  const text = mark && factsOf(part.query, mark, marks, around)
  return text ? { span: inDocument(document, part, mark.span), text } : undefined
}

function factsOf(query: OpenQuery, mark: Mark, marks: readonly Mark[], around: Surroundings): string | undefined {
  const { language } = query
  const name = mark.name ?? ''
  switch (mark.kind) {
    case 'function': {
      const pages = builtinsNamed(language, name).map((b) => builtinPage(language, b))
      if (pages.length > 0) return pages.join('\n\n---\n\n')
      if (!language.read.notRun?.has(name)) return undefined
      const reason = language.read.notRun.get(name)
      return `\`${name}\` is a function of the vendor. Assay does not run it${reason === undefined ? '' : `: ${reason}`}.`
    }
    case 'parameter': {
      const p = builtinsNamed(language, mark.of ?? '').flatMap((b) => b.params.filter((x) => x.name === name))[0]
      return p && `\`${p.name}\` of \`${mark.of}\`: ${parameterDoc(p)}`
    }
    case 'field':
      return fieldFacts(query, name, marks, around)
    case 'text': {
      const value = query.text.slice(mark.span.start, mark.span.end).replace(/^"|"$/g, '')
      const fields = eventNamed(value)
      return fields && `An event type. Its fields in every feed: ${fields.map((f) => `\`${f}\``).join(', ')}.`
    }
    case 'variable':
      return variableFacts(query, name, marks)
    default:
      return undefined
  }
}

function fieldFacts(query: OpenQuery, name: string, marks: readonly Mark[], around: Surroundings): string {
  const shown = printForeign(name, 'markdown')
  const lines = [`**${shown}**`]
  const assigned = marks.find((m) => m.assigned && m.kind === 'field' && m.name === name)
  const step =
    assigned && query.marked.steps.find((s) => s.span.start <= assigned.span.start && assigned.span.end <= s.span.end)
  if (assigned) lines.push(`Assigned in this query${step ? `: ${printForeign(step.label, 'markdown')}` : '.'}`)
  const { plan } = query.linted(around).compiled
  const events = plan ? catalogues.flatMap((c) => eventNames(plan.out, [c.typeField, `#${c.typeField}`])) : []
  if (!query.language.platform.portable) lines.push(...factsAbout(name, events))
  const values = around.profile?.get(name)
  if (values) {
    const some = values.slice(0, 5).map((v) => printForeign(v.slice(0, 60), 'markdown'))
    lines.push(values.length === 0 ? 'In the telemetry.' : `In the telemetry, such as ${shortList(some)}.`)
  }
  return lines.join('\n\n')
}

/** A search of a rule, or a parameter of a query. */
function variableFacts(query: OpenQuery, name: string, marks: readonly Mark[]): string | undefined {
  const step = query.marked.steps.find((s) => s.label === name && s.kind === 'step')
  if (step) return `\`\`\`${query.language.id}\n${query.text.slice(step.span.start, step.span.end)}\n\`\`\``
  const uses = marks.filter((m) => m.kind === 'variable' && m.name === name).length
  return uses > 0 && query.marked.steps.length > 0
    ? `${printForeign(name, 'markdown')}: used ${uses === 1 ? 'once' : `${uses} times`} in this text.`
    : undefined
}
