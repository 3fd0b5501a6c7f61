import { command } from '../command.ts'
import { type FlagsOf, flag, oneOf, oneOfOrNone, text } from '../option.ts'
import { formatIds } from '../output.ts'
import { interval, logs, platform, query, queryArgument, telemetry } from '../shared-options.ts'

const options = {
  ...platform,
  ...telemetry,
  ...query,
  ...interval,
  format: oneOf('format', formatIds, 'table', 'format of the rows'),
  spreadsheet: flag('with --format csv: escape texts that a spreadsheet would run as a formula'),
  report: text('file', 'write rows, diagnostics, view, interval and counts as JSON'),
  strict: flag('refuse texts that the vendor would refuse'),
  failOn: oneOfOrNone('what', ['findings', 'warnings'], 'exit 1 on findings, or on warnings'),
  audit: flag('count the events after every step'),
  verbose: flag('also the notes of a run that has findings'),
  quiet: flag('no diagnostics below error, no summary', { short: 'q' }),
} as const
export type RunFlags = FlagsOf<typeof options>

export const run = command({
  name: 'run',
  summary: 'run a query over telemetry and print its rows',
  description:
    'Runs a query over log files. Rows go to stdout, diagnostics about the query and the telemetry to stderr.',
  args: { query: queryArgument, logs: { ...logs, rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../run.ts')).run(io, args.query, args.logs, flags),
})
