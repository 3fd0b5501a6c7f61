// Aggregates over neighbouring events.
import type { CallContext } from '../builtin.ts'
import { first, param } from '../params.ts'

export const AGGREGATES = first('function', 'aggregates', 'Aggregates, in brackets if several.', { required: true })

export const CURRENT = param('current', 'text', 'Whether the row itself counts.', {
  default: 'include',
  oneOf: { include: 'It does.', exclude: 'Only the rows before it do.' },
})

/** The row before or, with the row itself, the row: the last one of the frame. */
export const lastOfFrame = ({ args }: CallContext): number =>
  args.text('current', 'include').toLowerCase() === 'exclude' ? -1 : 0
