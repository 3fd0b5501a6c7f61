// Order and number of rows.
import type { CallContext } from '../builtin.ts'
import { impliedLimit } from '../../../../diag/catalogue/cql-lower.ts'
import { param } from '../params.ts'

const DEFAULT_ROWS = 200

export const MAX_ROWS = 200_000

const TYPES = {
  number: 'As numbers.',
  string: 'As texts, by code point.',
  any: 'Numbers, then texts.',
  hex: 'As hexadecimal numbers.',
}

export const ORDER = param('order', 'texts', '`asc` or `desc`, one or one per field.', { default: 'desc' })

export const TYPE = param('type', 'texts', 'How values are compared, one or one per field.', {
  default: 'number',
  oneOf: TYPES,
})

export const REVERSE = param('reverse', 'bool', 'Turns the order round; deprecated.', { default: 'false' })

export function rowLimit(c: CallContext, fn: string): number {
  if (!c.args.has('limit')) {
    c.flow.lowering.limits.push({ what: fn, limit: DEFAULT_ROWS })
    c.flow.lowering.report(impliedLimit, c.args.call.nameSpan, { fn, limit: DEFAULT_ROWS })
  }
  return c.args.limit('limit', DEFAULT_ROWS, MAX_ROWS)
}

export const sortDirections = (c: CallContext): string[] => {
  const words = c.args.has('order') ? c.args.texts('order') : ['desc']
  return c.args.flag('reverse') ? words.map((w) => (w.startsWith('asc') ? 'desc' : 'asc')) : words
}
