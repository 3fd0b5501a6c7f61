// A lookup table as the rows of a search.
import { sumoLookupMissing } from '../../../diag/catalogue/sumo-lower.ts'
import type { Stage } from '../2-parse/ast.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import { type Flow, tableFlow } from '../3-lower/flow.ts'

function cat(f: Flow, s: Extract<Stage, { kind: 'cat' }>): void {
  const known = f.low.known.lookups?.[s.path]
  f.low.needs.push({ kind: 'lookup', file: s.path, columns: known?.columns ?? [], at: s.span })
  if (!known) {
    f.low.say(sumoLookupMissing, s.span, { path: s.path })
    f.open = true
    return
  }
  f.become(tableFlow(f.low, f.at, s.path, known.columns))
}

export const table = operator(
  'cat',
  'The rows of a lookup table.',
  [param('table', 'text', 'Such as path://"/Library/…"; a CSV file that the reader gives.')],
  cat,
  [search('cat path://"/names" | fields name', [{}], [{ name: 'Alice' }])],
  { kind: 'source', notes: ['Whatever stands before it is not read.'] },
)
