// The commands and their options. Each command's work is a file of its own, loaded when it is called.
import { languages } from '../core/workbench/compile.ts'
import { Command, CommanderError, Option } from 'commander'
import { formatIds } from './output.ts'
import type { Io } from './io.ts'
import { version } from './version.ts'

const collect = (value: string, all: string[]): string[] => [...all, value]

/** Runs one command line; gives the exit status: 0 fine, 1 something was found that the caller asked to fail on, 2 the call or the input is wrong. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let status = 0
  const assay = new Command('assay')
    .description('Lint, run, test and explain SIEM detections without the SIEM.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError('(assay help COMMAND shows what a command takes)')

  const telemetry = (c: Command): Command =>
    c
      .option('--source-tz <zone>', 'time zone of log times without one', 'UTC')
      .option('--year <year>', 'year of log times without one')
      .option('--tz <zone>', 'time zone of --from, --to and printed times', 'UTC')
  const root = [
    '--root <dir>',
    'folder whose files pages may name, beside their own folder (repeatable)',
    collect,
    [] as string[],
  ] as const
  const query = (c: Command): Command =>
    c
      .option('--lang <language>', `QUERY is text in this language: ${languages.map((l) => l.id).join(', ')}`)
      .option('--param <name=value>', 'value of a ?parameter or {{template}} of the query (repeatable)', collect, [])
      .option(
        '--lookups <dir>',
        'folder with lookup files and saved queries that the query names (repeatable)',
        collect,
        [],
      )
      .option('--semantics <id=choice>', 'another choice for undocumented behaviour (repeatable)', collect, [])
  const interval = (c: Command): Command =>
    c
      .option('--from <time>', 'start of the interval, inclusive')
      .option('--to <time>', 'end of the interval, exclusive')
      .option('--last <duration>', 'interval that ends at --now: 15m, 24h, 7d')
      .option('--now <time>', 'the current time for the query (default: time of the newest event)')
      .option('--view <view>', 'auto, vendor (none), falcon, network', 'auto')
      .addOption(
        new Option('--engine <engine>', 'executor of the query')
          .choices(['auto', 'evaluator', 'duckdb'])
          .default('auto'),
      )
      .option('--memory <size>', 'memory limit of the engine', '1GB')

  interval(query(telemetry(assay.command('run'))))
    .summary('run a query over telemetry and print its rows')
    .description(
      'Runs a query over log files. Rows go to stdout, diagnostics about the query and the telemetry to stderr.',
    )
    .argument('<query>', 'a query file, a detection (folder or id), or text with --lang')
    .option('--platform <platform>', 'which query of a detection: logscale, sumo, sigma')
    .argument('<logs...>', 'files, folders, globs or - for standard input; PATH@category, PATH#repo')
    .addOption(new Option('--format <format>', 'format of the rows').choices(formatIds).default('table'))
    .option('--spreadsheet', 'with --format csv: escape texts that a spreadsheet would run as a formula')
    .option('--report <file>', 'write rows, diagnostics, view, interval and counts as JSON')
    .option('--strict', 'refuse texts that the vendor would refuse')
    .addOption(new Option('--fail-on <what>', 'exit 1 on findings, or on warnings').choices(['findings', 'warnings']))
    .option('--audit', 'count the events after every step')
    .option('-q, --quiet', 'no diagnostics below error, no summary')
    .action(async (q: string, logs: string[], options) => {
      const { run } = await import('./run.ts')
      status = await run(io, version, q, logs, options)
    })

  query(assay.command('lint'))
    .summary('check queries: would the vendor accept them, can they ever fire?')
    .description('Reports texts that the vendor would refuse and conditions that can never match, with reason and fix.')
    .argument('<paths...>', 'query files, folders, or text with --lang')
    .addOption(new Option('--format <format>', 'format of the diagnostics').choices(['text', 'json']).default('text'))
    .option('--fix', 'apply the fixes that keep the meaning')
    .addOption(new Option('--fail-on <what>', 'exit 1 on warnings too').choices(['warnings']))
    .action(async (paths: string[], options) => {
      const { lint } = await import('./lint.ts')
      status = await lint(io, paths, options)
    })

  assay
    .command('fmt')
    .summary('print queries in canonical layout, with their comments')
    .description('Prints queries in canonical layout; with --write it rewrites the files.')
    .argument('<paths...>', 'query files')
    .option('--write', 'rewrite the files')
    .option('--check', 'exit 1 if a file is not in canonical layout')
    .action(async (paths: string[], options) => {
      const { fmt } = await import('./fmt.ts')
      status = await fmt(io, paths, options)
    })

  interval(query(telemetry(assay.command('explain'))))
    .summary('show tokens, tree, plan, needs and SQL; with logs, the events through every step')
    .description(
      'Shows every stage of the compilation of a query. With logs: the events before and after each step, and why events were dropped.',
    )
    .argument('<query>', 'a query file, a detection (folder or id), or text with --lang')
    .option('--platform <platform>', 'which query of a detection: logscale, sumo, sigma')
    .argument('[logs...]', 'as for run')
    .option(
      '--at <stages>',
      'only these stages, separated by commas: tokens, tree, plan, needs, sql:duckdb, sql:clickhouse, steps',
    )
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (q: string, logs: string[], options) => {
      const { explain } = await import('./explain.ts')
      status = await explain(io, q, logs, options)
    })

  telemetry(assay.command('sources'))
    .summary('show format, time span and fields of telemetry')
    .description(
      'Shows for each file its format and the reason for it, its time span, its fields, and its good and bad lines.',
    )
    .argument('<logs...>', 'as for run')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (logs: string[], options) => {
      const { sources } = await import('./sources.ts')
      status = await sources(io, logs, options)
    })

  assay
    .command('test')
    .summary('test detections and other pages of cases')
    .description(
      'Checks the folders of detections and runs the cases of their pages, and of any *.case.md, on the evaluator and on DuckDB.',
    )
    .argument('[paths...]', 'pages or folders', ['.'])
    .option(...root)
    .option('--filter <text>', 'only cases with this text in the title')
    .option('--accept', 'replace the expected blocks with the actual results')
    .option('--coverage', 'list the clauses of each query that no test checks')
    .option('--mutation', 'list the small changes to each query that no test notices')
    .option('--min-coverage <percent>', 'exit 1 if a query has less')
    .option('--min-mutation <percent>', 'exit 1 if a query has less')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--watch', 'run again whenever a file changes')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options) => {
      const { test } = await import('./test.ts')
      status = await test(io, paths, options)
    })

  assay
    .command('new')
    .summary('make a folder for a new detection, with tests that pass')
    .description(
      'Makes the folder of a detection for an ATT&CK technique: queries, cases that pass, and pages, with a TODO: for each text that only you know.',
    )
    .argument('<technique>', 'id of a technique: T1048.003')
    .argument('[folder]', 'a new folder below this one (default: detections/TECHNIQUE-name)')
    .option('--platform <platform>', 'logscale, sumo, sigma (repeatable; default: all)', collect, [])
    .option('--name <title>', 'title of the detection (default: name of the technique)')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (technique: string, folder: string | undefined, options) => {
      const { create } = await import('./new.ts')
      status = create(io, technique, folder, options)
    })

  const scheduled = (c: Command): Command =>
    query(telemetry(c))
      .argument('<detection>', 'a detection (folder or id), a query file, or text with --lang')
      .argument('<logs...>', 'as for run')
      .option('--every <duration>', 'time between runs: 15m, 1h (default: from detection.yml)')
      .option('--lookback <duration>', 'length of the interval of each run (default: from detection.yml)')
      .option(
        '--delay <duration>',
        'time between the end of the interval and the run (default: from detection.yml, else 0)',
      )
      .option('--platform <platform>', 'which query of the detection (default: the one that reads most events)')
      .option('--query <file>', 'another query, such as a tuned one, on the schedule of the detection')
      .option('--from <time>', 'start of the backtest (default: first event)')
      .option('--to <time>', 'end of the backtest (default: first run that reads the last event)')
      .option('--view <view>', 'auto, vendor (none), falcon, network', 'auto')
      .option('--memory <size>', 'memory limit of the engine', '1GB')
      .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))

  scheduled(assay.command('backtest'))
    .summary('run a detection over telemetry on its schedule')
    .description(
      'Simulates every run of the schedule and reads the logs once. Reports findings per day and entity, repeats, alerts after suppression, ' +
        'activity that falls between two runs, and events that arrived too late.',
    )
    .action(async (detection: string, logs: string[], options) => {
      const { backtest } = await import('./backtest.ts')
      status = await backtest(io, version, detection, logs, options)
    })

  scheduled(assay.command('tune'))
    .summary('find tunings that make a detection quieter, with their cost')
    .description(
      'Measures candidates in a backtest: excluded values, networks and groups, and higher thresholds. Reports how many findings each ' +
        'candidate removes, and which attack tests of the detection it breaks.',
    )
    .option(
      '--write <candidate>',
      'add the candidate with its evidence to detection.yml, and the tuned query to tuning/',
    )
    .option('--accept-loss', 'write the candidate even if attack tests lose findings')
    .action(async (detection: string, logs: string[], options) => {
      const { tune } = await import('./tune.ts')
      status = await tune(io, version, detection, logs, options)
    })

  const catalogue = assay.command('catalog').summary('publish detections as a static site')
  const siteOptions = (c: Command): Command =>
    c
      .argument('[detections...]', 'folders of detections, or folders above them', ['detections'])
      .option('--title <text>', 'title of the site', 'Assay catalogue')
      .option('--base-url <url>', 'address of the site, for its feed and links')
      .option(...root)
      .option('--date <date>', 'date on the pages (default: date of the newest change)')
      .option(
        '--comparisons <dir...>',
        'pages of cases that compare detections with other queries (default: conformance/detect, if it exists)',
      )

  siteOptions(catalogue.command('build'))
    .summary('write the site')
    .description(
      'Runs the tests of the detections and writes a site with their results. Writes nothing if a folder has an error.',
    )
    .requiredOption('--out <dir>', 'a new or empty folder, or one from an earlier build, which is replaced')
    .option('--no-mutation', 'skip clause coverage and mutation score, which take the longest')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options) => {
      const { build } = await import('./catalog.ts')
      status = await build(io, version, paths, options)
    })

  siteOptions(catalogue.command('serve'))
    .summary('show the site on this machine')
    .description('Serves the site on the loopback interface and rebuilds it whenever a file changes.')
    .option('--port <port>', 'port; 0 means any free port', '8071')
    .option('--mutation', 'measure clause coverage and mutation score too', false)
    .action(async (paths: string[], options) => {
      const { serve } = await import('./catalog.ts')
      status = await serve(io, version, paths, options)
    })

  try {
    await assay.parseAsync([...argv], { from: 'user' })
  } catch (e) {
    if (e instanceof CommanderError) return e.exitCode === 0 ? 0 : 2
    throw e
  }
  return status
}
