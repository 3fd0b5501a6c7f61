// The functions `time:…`, which read one part of a time in a zone.
import type { Expr } from '../../../../plan/plan.ts'
import { type CqlBuiltin, builtin } from '../builtin.ts'
import { as, first, page, param } from '../params.ts'
import { timeFromEpoch } from './time.ts'

export interface TimeFunction {
  /** After `time:`, and after `_` for the field of the result. */
  readonly name: string
  readonly doc: string
  readonly notes?: readonly string[]
  /** Milliseconds since 1970 UTC of the event in the example, and the result. */
  readonly example: { readonly at: number; readonly gives: string }
  readonly compute: (time: Expr, zone: string) => Expr
}

export const timeFunction = ({ name, doc, notes = [], example, compute }: TimeFunction): CqlBuiltin =>
  builtin({
    name: `time:${name}`,
    category: 'time',
    kind: 'transform',
    doc,
    notes,
    params: [
      first('field', 'field', 'The field with the time.', { default: '@timestamp' }),
      param('timezone', 'text', 'The zone.', { default: 'UTC' }),
      as(`_${name}`),
    ],
    output: `_${name}`,
    fidelity: { differs: '`timezoneField` is not run.' },
    evidence: page(`time:${name}`),
    examples: [
      {
        title: 'Of an event',
        given: [{ '@timestamp': example.at }],
        query: `x := time:${name}() | groupBy(x, function=[])`,
        gives: [{ x: example.gives }],
        from: page(`time:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) =>
        compute(timeFromEpoch(c, c.args.field('field', '@timestamp'), 'auto'), c.args.text('timezone', 'UTC')),
    },
  })
