import { command } from '../command.ts'
import { type FlagsOf, flag, list, oneOf, oneOfOrNone, text, withDefault } from '../option.ts'
import { query, telemetry } from '../shared-options.ts'

const { lang: _, ...references } = query

const options = {
  ...telemetry,
  ...references,
  logs: list('path', 'files, folders, globs or - for standard input; PATH@category, PATH#repo, PATH@name=value'),
  level: oneOfOrNone('level', ['low', 'medium', 'high', 'critical'], 'least severe level of the rules'),
  status: list('status', 'only rules of this status: stable, test, experimental'),
  tag: list('glob', 'only rules with a tag like this: attack.t1071*'),
  product: list('product', 'only rules for this product: windows, linux'),
  exclude: list('file', 'leave out the rules whose ids, titles or paths are the lines of this file'),
  maxPerRule: withDefault('number', '100', 'most findings of a rule that are printed; all are counted'),
  from: text('time', 'start of the interval, inclusive'),
  to: text('time', 'end of the interval, exclusive'),
  last: text('duration', 'interval that ends at --now: 15m, 24h, 7d'),
  sinceIngest: text(
    'time',
    'only events that the platform received from this time on, whenever they happened; without that time, by their own',
  ),
  carve: flag('also records in unused parts of Windows event logs (.evtx), such as those of a cleared log'),
  now: text('time', 'the current time for the rules (default: time of the newest event)'),
  view: withDefault('view', 'auto', 'auto, vendor (none), falcon, network'),
  memory: withDefault('size', '1GB', 'memory limit of the engine'),
  budget: withDefault('seconds', '60', 'longest time for one rule, in each thread; a rule beyond it is switched off'),
  format: oneOf(
    'format',
    ['table', 'json', 'ndjson', 'csv', 'html'],
    'table',
    'format of the findings; html is one page',
  ),
  report: text('file', 'write the findings, all rules with their counts, and diagnostics as JSON'),
  failOn: oneOfOrNone('what', ['findings', 'warnings'], 'exit 1 on findings, or on warnings'),
  verbose: flag('also the notes of a run that has findings'),
  quiet: flag('no diagnostics below error, no summary', { short: 'q' }),
} as const
export type HuntFlags = FlagsOf<typeof options>

export const hunt = command({
  name: 'hunt',
  summary: 'run many rules over logs in one read and print their findings',
  description:
    'Runs Sigma rules, CQL and Sumo queries and detection folders over log files. The logs are read once, however many rules there are.',
  args: { rules: { about: 'files, folders or globs with rules and queries', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../hunt.ts')).hunt(io, args.rules, flags),
})
