// A portable detection as a CQL query.
import type { EventDetection, PortableDetection, Written } from '../../shared/portable.ts'
import { CqlConditions, NotCql } from './condition.ts'
import { correlationLines } from './correlation.ts'
import { stepTexts } from './steps.ts'

/** https://library.humio.com/data-analysis/query-operation-limits.html: characters of a query. */
const LONGEST = 66_000

export function write(d: PortableDetection): Written {
  try {
    const conditions = new CqlConditions()
    const { lines, losses } =
      d.kind === 'correlation' ? correlationLines(d, conditions) : { lines: eventLines(d, conditions), losses: [] }
    const text = [...comment(d), lines.map((l, i) => (i === 0 ? l : `| ${l}`)).join('\n')].join('\n')
    if (text.length > LONGEST) throw new NotCql(`it has ${text.length} characters, and a query at most ${LONGEST}`)
    return { text, losses: [...losses, ...conditions.losses.values()] }
  } catch (e) {
    if (!(e instanceof NotCql)) throw e
    return { reason: e.message }
  }
}

function eventLines(d: EventDetection, conditions: CqlConditions): string[] {
  const filters = conditions.filters(d.where)
  return [...(filters.length === 0 ? ['*'] : filters), ...stepTexts(d.steps, conditions)]
}

const comment = ({ title }: PortableDetection): string[] =>
  title === undefined ? [] : [`// ${title.replace(/\s+/g, ' ').trim()}`]
