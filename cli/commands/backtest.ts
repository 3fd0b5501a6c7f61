import { command } from '../command.ts'
import { type FlagsOf, oneOf } from '../option.ts'
import { queryArgument, query, schedule, telemetry } from '../shared-options.ts'

const options = {
  ...telemetry,
  ...query,
  ...schedule,
  format: oneOf('format', ['table', 'json'], 'table', 'output format'),
} as const
export type BacktestFlags = FlagsOf<typeof options>

export const backtest = command({
  name: 'backtest',
  summary: 'run a detection over telemetry on its schedule',
  description:
    'Simulates every run of the schedule and reads the logs once. Reports findings per day and entity, repeats, alerts after suppression, ' +
    'activity that falls between two runs, and events that arrived too late.',
  args: { detection: queryArgument, logs: { about: 'as for run', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../backtest.ts')).backtest(io, args.detection, args.logs, flags),
})
