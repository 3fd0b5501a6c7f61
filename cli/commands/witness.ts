import { command } from '../command.ts'
import { type FlagsOf, flag, withDefault } from '../option.ts'
import { platform, query, queryArgument } from '../shared-options.ts'

const options = {
  ...platform,
  ...query,
  nearMiss: flag('events that fall out, for each predicate, in place of events that pass'),
  format: withDefault(
    'format',
    'ndjson',
    'log format of the events (a name of `assay sources`), case: a page of tests, or json: a report of all of them',
  ),
} as const
export type WitnessFlags = FlagsOf<typeof options>

export const witness = command({
  name: 'witness',
  summary: 'write events that a query finds, or that it just misses',
  description:
    'Generates telemetry for a query: events with findings or, with --near-miss, events that fall out at each of its predicates. Every event is checked by running the query.',
  args: { query: queryArgument },
  options,
  run: async ({ io, args, flags }) => (await import('../witness.ts')).witness(io, args.query, flags),
})
