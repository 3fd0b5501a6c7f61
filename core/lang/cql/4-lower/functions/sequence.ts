// Aggregates over neighbouring events.
import type { CallContext } from '../builtin.ts'
import { first, param } from '../params.ts'
import { notRunHere } from '../../../../diag/catalogue/cql-lower.ts'

export const AGGREGATES = first('function', 'aggregates', 'Aggregates, in brackets if several.', { required: true })

export const CURRENT = param('current', 'text', 'Whether the row itself counts.', {
  default: 'include',
  oneOf: { include: 'It does.', exclude: 'Not run here.' },
})

export function reportExclude({ flow, args }: CallContext, fn: string): boolean {
  if (args.text('current', 'include').toLowerCase() !== 'exclude') return false
  flow.lowering.report(notRunHere, args.span('current'), { name: fn, what: `\`current=exclude\` of \`${fn}()\`` })
  return true
}
