// A lookup table as the rows of a search.
import { sumoLookupMissing } from '../../../diag/catalogue/sumo-lower.ts'
import type { Place } from '../2-parse/ast.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { tablePath } from '../2-parse/tokens.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { tableFlow } from '../3-lower/lookup-table.ts'

function parseCat(c: Cursor): string | undefined {
  c.eatWord('append')
  const path = tablePath(c, ['path', 'string', 'word'])
  c.skipStage()
  return path
}

function lowerCat(f: Flow, path: string, { span }: Place): void {
  const columns = f.lowering.context.lookups?.[path]?.columns
  f.lowering.needs.push({ kind: 'lookup', name: path, at: span })
  if (!columns) {
    f.lowering.report(sumoLookupMissing, span, { path: path })
    f.open = true
    return
  }
  f.become(tableFlow(f, f.at, path, columns))
}

export const table = operator<string>({
  name: 'cat',
  kind: 'source',
  doc: 'The rows of a lookup table.',
  params: [param('table', 'text', 'Such as path://"/Library/…"; a CSV file that the reader gives.')],
  examples: [search('cat path://"/names" | fields name', [{}], [{ name: 'Alice' }])],
  notes: ['The scope and the stages before it are not read.'],
  parse: parseCat,
  lower: lowerCat,
})
