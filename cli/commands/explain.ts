import { command } from '../command.ts'
import { type FlagsOf, text } from '../option.ts'
import { interval, platform, query, queryArgument, telemetry, textOrJson } from '../shared-options.ts'

const options = {
  ...platform,
  ...telemetry,
  ...query,
  ...interval,
  at: text(
    'stages',
    'only these stages, separated by commas: tokens, tree, plan, needs, sql:duckdb, sql:clickhouse, steps',
  ),
  event: text('file', 'why did the event in this file not fire? - is standard input'),
  ...textOrJson,
} as const
export type ExplainFlags = FlagsOf<typeof options>

export const explain = command({
  name: 'explain',
  summary: 'show tokens, tree, plan, needs and SQL; with logs, the events through every step',
  description:
    'Shows every stage of the compilation of a query. With logs: the events before and after each step, and why events were dropped. ' +
    'With --event: the step that lets one event go, the value that did it, and how close it came.',
  args: { query: queryArgument, logs: { about: 'as for run', rest: true, optional: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../explain.ts')).explain(io, args.query, args.logs, flags),
})
