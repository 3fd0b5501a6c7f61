import { command } from '../command.ts'
import { type FlagsOf, flag, text } from '../option.ts'
import { queryArgument } from '../shared-options.ts'
import { backtest } from './backtest.ts'

const options = {
  ...backtest.options,
  write: text('candidate', 'add the candidate with its evidence to detection.yml, and the tuned query to tuning/'),
  acceptLoss: flag('write the candidate even if attack tests lose findings'),
} as const
export type TuneFlags = FlagsOf<typeof options>

export const tune = command({
  name: 'tune',
  summary: 'find tunings that make a detection quieter, with their cost',
  description:
    'Measures candidates in a backtest: excluded values, networks and groups, and higher thresholds. Reports how many findings each ' +
    'candidate removes, and which attack tests of the detection it breaks.',
  args: { detection: queryArgument, logs: { about: 'as for run', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../tune.ts')).tune(io, args.detection, args.logs, flags),
})
