// Sub-queries of join() and defineTable().
import type { CallContext } from '../builtin.ts'
import type { Flow } from '../flow.ts'
import { millisOf } from '../millis.ts'
import { takeNewest } from '../ordering.ts'
import { notRunHere, wrongKind } from '../../../../diag/catalogue/cql-lower.ts'
import { param } from '../params.ts'

/** The interval of the sub-query; undefined: that of the query; null: not expressible, with a diagnostic. */
function ownInterval(
  c: CallContext,
  fn: string,
): { start: number | undefined; end: number | undefined } | null | undefined {
  const { flow, args } = c
  if (!args.has('start') && !args.has('end')) return undefined
  const read = (name: string): number | undefined =>
    args.has(name) && args.text(name) !== 'now' ? millisOf(args.text(name)) : undefined
  for (const name of ['start', 'end']) {
    if (args.has(name) && args.text(name) !== 'now' && read(name) === undefined) {
      flow.lowering.report(notRunHere, args.span(name), {
        name: fn,
        what: `\`${name}\` of \`${fn}()\` other than a duration`,
      })
      return null
    }
  }
  return { start: read('start'), end: read('end') }
}

export function subQuery(c: CallContext, fn: string): Flow | undefined {
  const { flow, args } = c
  const pipeline = args.pipeline('query')
  const interval = ownInterval(c, fn)
  if (interval === null) return undefined
  if (!pipeline) {
    flow.lowering.report(wrongKind, args.span('query'), { fn, name: 'query', takes: 'a sub-pipeline in braces' })
    return undefined
  }
  const sub = flow.parts.subQuery(flow, pipeline, interval)
  if (flow.lowering.choice('subquery-tail') === 'yes' && !sub.aggregated && !sub.ordered) takeNewest(sub, 200)
  return sub
}

export const START = param('start', 'text', 'How long before the end the sub-query begins.')

export const END = param('end', 'text', 'How long before the end the sub-query ends.')
