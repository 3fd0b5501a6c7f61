// The commands and their options. Each command's work is a file of its own, loaded when it is called.
import { languages } from '../core/workbench/compile.ts'
import { Command, CommanderError, Option } from 'commander'
import { formatIds } from './output.ts'

const collect = (value: string, all: string[]): string[] => [...all, value]

/** Runs one command line; gives the exit status: 0 fine, 1 something was found that the caller asked to fail on, 2 the call or the input is wrong. */
export async function program(version: string, argv: readonly string[]): Promise<number> {
  let status = 0
  const assay = new Command('assay')
    .description('Lint, run, test and explain SIEM detections without the SIEM.')
    .version(version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(assay help COMMAND shows what a command takes)')

  const telemetry = (c: Command): Command =>
    c
      .option('--source-tz <zone>', 'zone of log stamps that have none', 'UTC')
      .option('--year <year>', 'year of log stamps that have none')
      .option('--tz <zone>', "the reader's zone, for --from, --to and printed times", 'UTC')
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
      .option('--semantics <id=choice>', 'another choice where the vendor is silent (repeatable)', collect, [])
  const interval = (c: Command): Command =>
    c
      .option('--from <time>', 'start of the interval, inclusive')
      .option('--to <time>', 'end of the interval, exclusive')
      .option('--last <duration>', 'interval that ends at --now: 15m, 24h, 7d')
      .option('--now <time>', 'what the query takes for now (default: the newest event)')
      .option('--view <view>', 'auto, vendor (none), falcon, network', 'auto')
      .addOption(
        new Option('--engine <engine>', 'who executes').choices(['auto', 'evaluator', 'duckdb']).default('auto'),
      )
      .option('--memory <size>', 'memory limit of the engine', '1GB')

  interval(query(telemetry(assay.command('run'))))
    .summary('a query over telemetry; prints what it finds')
    .description(
      'Runs a query over log files and prints the rows it finds; what is wrong with the text or the telemetry goes to stderr.',
    )
    .argument('<query>', 'a query file, a detection (folder or id), or text with --lang')
    .option('--platform <platform>', 'which query of a detection: logscale, sumo, sigma')
    .argument('<logs...>', 'files, folders, globs or - for standard input; PATH@category, PATH#repo')
    .addOption(new Option('--format <format>', 'how rows are printed').choices(formatIds).default('table'))
    .option('--spreadsheet', 'with --format csv: no text is run as a formula')
    .option('--report <file>', 'write rows, diagnostics, view, interval and tallies as JSON')
    .option('--strict', 'refuse what the vendor would refuse')
    .addOption(new Option('--fail-on <what>', 'exit 1 on findings, or on warnings').choices(['findings', 'warnings']))
    .option('--audit', 'count the events after every step')
    .option('-q, --quiet', 'no diagnostics below error, no summary')
    .action(async (q: string, logs: string[], options) => {
      const { run } = await import('./run.ts')
      status = await run(version, q, logs, options)
    })

  query(assay.command('lint'))
    .summary('would the vendor take it, and can it ever fire?')
    .description('Reports what the vendor would refuse and what can never match, with the reason and the fix.')
    .argument('<paths...>', 'query files, folders, or text with --lang')
    .addOption(new Option('--format <format>', 'how diagnostics are printed').choices(['text', 'json']).default('text'))
    .option('--fix', 'apply the fixes that keep the meaning')
    .addOption(new Option('--fail-on <what>', 'exit 1 on warnings too').choices(['warnings']))
    .action(async (paths: string[], options) => {
      const { lint } = await import('./lint.ts')
      status = await lint(paths, options)
    })

  assay
    .command('fmt')
    .summary('canonical layout, comments kept')
    .description('Prints queries in canonical layout; with --write it rewrites the files.')
    .argument('<paths...>', 'query files')
    .option('--write', 'rewrite the files')
    .option('--check', 'exit 1 when a file is not in canonical layout')
    .action(async (paths: string[], options) => {
      const { fmt } = await import('./fmt.ts')
      status = await fmt(paths, options)
    })

  interval(query(telemetry(assay.command('explain'))))
    .summary('tokens, tree, plan, needs, SQL; with logs, the events through every step')
    .description(
      'Shows every stage a query goes through. With logs: how many events went into and came out of each step, and why they fell out.',
    )
    .argument('<query>', 'a query file, a detection (folder or id), or text with --lang')
    .option('--platform <platform>', 'which query of a detection: logscale, sumo, sigma')
    .argument('[logs...]', 'as for run')
    .option(
      '--at <stages>',
      'only these, comma-separated: tokens, tree, plan, needs, sql:duckdb, sql:clickhouse, steps',
    )
    .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
    .action(async (q: string, logs: string[], options) => {
      const { explain } = await import('./explain.ts')
      status = await explain(q, logs, options)
    })

  telemetry(assay.command('sources'))
    .summary('what is this telemetry?')
    .description(
      'Says of each file what it was taken for and why, its time span, fields, and the lines that parsed and did not.',
    )
    .argument('<logs...>', 'as for run')
    .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
    .action(async (logs: string[], options) => {
      const { sources } = await import('./sources.ts')
      status = await sources(logs, options)
    })

  assay
    .command('test')
    .summary('tests of detections, and other pages of cases')
    .description(
      'Checks the folders of detections and runs the cases of their pages, and of any *.case.md, on the evaluator and on DuckDB.',
    )
    .argument('[paths...]', 'pages or folders', ['.'])
    .option(...root)
    .option('--filter <text>', 'only cases whose title has this text')
    .option('--accept', 'rewrite the expected blocks with what came out')
    .option('--coverage', 'of each detection: which clauses of its queries no test notices')
    .option('--mutation', 'of each detection: which small changes to its queries no test notices')
    .option('--min-coverage <percent>', 'exit 1 when a query has less')
    .option('--min-mutation <percent>', 'exit 1 when a query has less')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--watch', 'run again whenever a file changes')
    .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options) => {
      const { test } = await import('./test.ts')
      status = await test(paths, options)
    })

  assay
    .command('new')
    .summary('a folder for a new detection, with tests that pass')
    .description(
      'Makes the folder of a detection for a technique of ATT&CK: queries, cases and pages that pass their tests, and a TODO: wherever only you know what belongs there.',
    )
    .argument('<technique>', 'id of a technique: T1048.003')
    .argument('[folder]', 'a new folder below this one (default: detections/TECHNIQUE-name)')
    .option('--platform <platform>', 'logscale, sumo, sigma (repeatable; default: all)', collect, [])
    .option('--name <title>', 'title of the detection (default: name of the technique)')
    .addOption(new Option('--format <format>', 'how the outcome is printed').choices(['text', 'json']).default('text'))
    .action(async (technique: string, folder: string | undefined, options) => {
      const { create } = await import('./new.ts')
      status = create(technique, folder, options)
    })

  const scheduled = (c: Command): Command =>
    query(telemetry(c))
      .argument('<detection>', 'a detection (folder or id), a query file, or text with --lang')
      .argument('<logs...>', 'as for run')
      .option('--every <duration>', 'how often it runs: 15m, 1h (default: as the detection declares)')
      .option('--lookback <duration>', 'how far each run looks back (default: as declared)')
      .option('--delay <duration>', 'how long before a run its window ends (default: as declared, else 0)')
      .option('--platform <platform>', 'which query of the detection (default: the one that takes most of the events)')
      .option('--query <file>', "another query, such as a tuned one, with the detection's schedule")
      .option('--from <time>', 'runs begin here (default: at the first event)')
      .option('--to <time>', 'runs end here (default: when the last event is seen)')
      .option('--view <view>', 'auto, vendor (none), falcon, network', 'auto')
      .option('--memory <size>', 'memory limit of the engine', '1GB')
      .addOption(new Option('--format <format>', 'how it is printed').choices(['table', 'json']).default('table'))

  scheduled(assay.command('backtest'))
    .summary('a detection over telemetry as if it had been scheduled')
    .description(
      'Plays every run that the schedule would have made over the logs, which are read once: findings per day and entity, repeats and what ' +
        'suppression leaves, what falls between two windows, and events that came too late.',
    )
    .action(async (detection: string, logs: string[], options) => {
      const { backtest } = await import('./backtest.ts')
      status = await backtest(version, detection, logs, options)
    })

  scheduled(assay.command('tune'))
    .summary('what makes a detection loud, and what each way to quieten it would cost')
    .description(
      'Measures candidates on a backtest over the logs: excluded values, networks and groups, and higher thresholds; with what each takes ' +
        "away from the findings, and from the detection's own attack tests.",
    )
    .option(
      '--write <candidate>',
      'declare it in detection.yml with its evidence, and put the tuned query into tuning/',
    )
    .option('--accept-loss', 'write it although attack tests lose findings')
    .action(async (detection: string, logs: string[], options) => {
      const { tune } = await import('./tune.ts')
      status = await tune(version, detection, logs, options)
    })

  const catalogue = assay.command('catalog').summary('detections as a static site')
  const siteOptions = (c: Command): Command =>
    c
      .argument('[detections...]', 'folders of detections, or folders above them', ['detections'])
      .option('--title <text>', 'name of the catalogue', 'Assay catalogue')
      .option('--base-url <url>', 'where the site will stand, for its feed and links')
      .option(...root)
      .option('--date <date>', 'date on the pages (default: of the newest change)')
      .option(
        '--comparisons <dir...>',
        'pages of cases that hold detections against other queries (default: conformance/detect, if it is there)',
      )

  siteOptions(catalogue.command('build'))
    .summary('writes the site')
    .description(
      'Runs the tests of the detections and writes a site of what they are and what was proven. Nothing is written when a folder has an error.',
    )
    .requiredOption('--out <dir>', 'a new or empty folder, or one that an earlier build made: it is replaced')
    .option('--no-mutation', 'leave out clause coverage and mutation score, which take the longest')
    .addOption(new Option('--format <format>', 'how the outcome is printed').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options) => {
      const { build } = await import('./catalog.ts')
      status = await build(version, paths, options)
    })

  siteOptions(catalogue.command('serve'))
    .summary('shows the site on this machine')
    .description('Serves the site on the loopback interface and rebuilds it whenever a file changes.')
    .option('--port <port>', 'port; 0 is any free one', '8071')
    .option('--mutation', 'measure clause coverage and mutation score too', false)
    .action(async (paths: string[], options) => {
      const { serve } = await import('./catalog.ts')
      status = await serve(version, paths, options)
    })

  try {
    await assay.parseAsync([...argv], { from: 'user' })
  } catch (e) {
    if (e instanceof CommanderError) return e.exitCode === 0 ? 0 : 2
    throw e
  }
  return status
}
