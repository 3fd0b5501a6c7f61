// The first rows.
import { sumoLimit } from '../../../diag/catalogue/sumo-lower.ts'
import type { Place } from '../2-parse/ast.ts'
import { wholeNumber } from '../2-parse/tokens.ts'
import { operator, param, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { MOST_ROWS } from '../3-lower/limits.ts'

function lowerLimit(f: Flow, count: number, { span }: Place): void {
  if (count > MOST_ROWS) f.lowering.report(sumoLimit, span, { name: 'limit', percent: count })
  f.push({ kind: 'take', count, by: f.orderKeys() })
  if (f.messages && !f.order) f.order = f.orderKeys()
  f.ordered ||= f.messages
}

export const limit = operator<number>({
  name: 'limit',
  doc: 'The first rows in the order they have.',
  params: [param('count', 'number', 'At most 10,000.')],
  examples: [search('fields n | limit 1', users, [{ n: '10' }])],
  parse: wholeNumber,
  lower: lowerLimit,
})
