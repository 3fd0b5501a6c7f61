// A portable detection as a CQL query.
import type { EventDetection, PortableDetection, Written } from '../../shared/portable.ts'
import { CqlConditions, NotCql } from './condition.ts'

export function write(d: PortableDetection): Written {
  try {
    if (d.kind === 'correlation') throw new NotCql('correlations are not written yet')
    return events(d)
  } catch (e) {
    if (!(e instanceof NotCql)) throw e
    return { reason: e.message }
  }
}

function events(d: EventDetection): Written {
  const conditions = new CqlConditions()
  const filters = conditions.filters(d.where)
  if (d.steps.length > 0) throw new NotCql('aggregates are not written yet')
  const lines = filters.length === 0 ? ['*'] : filters
  const text = [...comment(d), lines.map((l, i) => (i === 0 ? l : `| ${l}`)).join('\n')].join('\n')
  return { text, losses: [...conditions.losses.values()] }
}

const comment = ({ title }: PortableDetection): string[] =>
  title === undefined ? [] : [`// ${title.replace(/\s+/g, ' ').trim()}`]
