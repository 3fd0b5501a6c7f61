// Options that several commands have.
import { list, oneOf, settingOnly, text, withDefault } from './option.ts'

export const telemetry = {
  parser: text(
    'file',
    'parser script (.cql, or .yaml of a LogScale package) that reads the logs, or rule for fields of Sumo Logic (.sumo) over them',
    {
      setting: (c) => c.parser,
    },
  ),
  sourceTz: withDefault('zone', 'UTC', 'time zone of log times without one', { setting: (c) => c.source_tz }),
  year: text('year', 'year of the last log time without one (default: from --now, the log, or the time of the file)'),
  tz: withDefault('zone', 'UTC', 'time zone of --from, --to and printed times', { setting: (c) => c.tz }),
  sources: settingOnly((c) => c.sources),
} as const

export const query = {
  lang: text('language', 'QUERY is text in this language: cql, sumo, sigma'),
  param: list('name=value', 'value of a ?parameter or {{template}} of the query'),
  lookups: list('dir', 'folder with lookup files and saved queries that the query names', {
    setting: (c) => c.lookups,
  }),
  pipeline: list('file', 'YAML pipeline of pySigma that maps Sigma rules to your telemetry'),
  semantics: list('id=choice', 'another choice for undocumented behaviour', {
    setting: (c) => Object.entries(c.semantics ?? {}).map(([id, choice]) => `${id}=${choice}`),
  }),
} as const

export const platform = { platform: text('platform', 'which query of a detection: logscale, sumo, sigma') } as const

const engine = {
  view: withDefault('view', 'auto', 'auto, vendor (none), falcon, network'),
  memory: withDefault('size', '1GB', 'memory limit of the engine'),
} as const

/** A query that runs once, over an interval. */
export const interval = {
  from: text('time', 'start of the interval, inclusive'),
  to: text('time', 'end of the interval, exclusive'),
  last: text('duration', 'interval that ends at --now: 15m, 24h, 7d'),
  now: text('time', 'the current time for the query (default: time of the newest event)'),
  engine: oneOf('engine', ['auto', 'evaluator', 'duckdb'], 'auto', 'executor of the query'),
  ...engine,
} as const

/** A detection that runs on its schedule. */
export const schedule = {
  every: text('duration', 'time between runs: 15m, 1h (default: from detection.yml)'),
  lookback: text('duration', 'length of the interval of each run (default: from detection.yml)'),
  delay: text('duration', 'time between the end of the interval and the run (default: from detection.yml, else 0)'),
  platform: text('platform', 'which query of the detection (default: the one that reads most events)'),
  query: text('file', 'another query, such as a tuned one, on the schedule of the detection'),
  from: text('time', 'start of the backtest (default: first event)'),
  to: text('time', 'end of the backtest (default: first run that reads the last event)'),
  ...engine,
} as const

export const root = {
  root: list('dir', 'folder whose files pages may name, beside their own folder', { setting: (c) => c.roots }),
} as const

export const budget = {
  budget: withDefault('seconds', '10', 'longest time for one case, and for a mutant on one case', {
    setting: (c) => c.budget?.toString(),
  }),
} as const

export const textOrJson = { format: oneOf('format', ['text', 'json'], 'text', 'output format') } as const

export const logs = {
  about: 'files, folders, globs or - for standard input; PATH@category, PATH#repo, PATH@name=value',
} as const
export const queryArgument = { about: 'a query file, a detection (folder or id), or text with --lang' } as const
