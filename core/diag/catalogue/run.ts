// RUN: a valid query that did not run to its end.
import { code } from '../diagnostic.ts'

export const aborted = code<{ phase: string }>({
  id: 'RUN101',
  slug: 'stopped',
  severity: 'error',
  title: 'The run was stopped',
  message: (p) => `stopped while ${p.phase}`,
  why: 'The run received an interrupt (Ctrl-C).',
  remedy: () => 'run the command again; the stopped run left no files',
})

export const stuck = code<{ phase: string; seconds: number; file: string | null; offset: number | null }>({
  id: 'RUN102',
  slug: 'no-progress',
  severity: 'error',
  title: 'The run made no progress',
  message: (p) =>
    `no progress for ${p.seconds} s while ${p.phase}${p.file === null ? '' : `, at byte ${p.offset ?? 0} of ${p.file}`}`,
  why: 'The usual cause is a regular expression that backtracks for very long on some text.',
  remedy: () =>
    'simplify repetitions that overlap, such as (a+)+ or many .* in a row, or remove the record at that byte',
})

export const crashed = code<{ phase: string; reason: string }>({
  id: 'RUN103',
  slug: 'worker-failed',
  severity: 'error',
  title: 'A worker ended with an error',
  message: (p) => `failed while ${p.phase}: ${p.reason.split('\n')[0]}`,
  why: 'Memory or disk space ran out, or Assay has a bug.',
  remedy: () =>
    'look for a step that makes texts or patterns very long; free memory or disk space (TMPDIR); otherwise report the bug with the query',
})

export const tooManyRows = code<{ rows: number; limit: number }>({
  id: 'RUN104',
  slug: 'too-many-rows',
  severity: 'error',
  title: 'More rows than fit into memory',
  message: (p) => `${p.rows} rows are too many for the evaluator (limit: ${p.limit} values)`,
  why: 'The evaluator keeps all rows in memory. DuckDB does not, but this run did not use it.',
  remedy: () => 'use --engine auto, or shorten the interval with --from and --to',
})

export const engineFailed = code<{ engine: string; reason: string }>({
  id: 'RUN105',
  slug: 'engine-failed',
  severity: 'error',
  title: 'The database engine refused or failed',
  message: (p) => `${p.engine}: ${p.reason.split('\n')[0]}`,
  why: 'Memory or disk space ran out, or Assay compiled the query to wrong SQL.',
  remedy: () => 'raise --memory, free disk space (TMPDIR), or use --engine evaluator',
})

export const noInput = code<Record<string, never>>({
  id: 'RUN106',
  slug: 'no-input',
  severity: 'error',
  title: 'No log file can be used',
  message: () => 'no usable log file',
  why: 'Every file named is missing, unreadable or of an unknown format. The messages above give the reasons.',
  remedy: () => 'name at least one log file of a known format',
})

export const noTempFolder = code<{ folder: string; reason: string }>({
  id: 'RUN107',
  slug: 'no-temporary-folder',
  severity: 'error',
  title: 'The folder for temporary files cannot be used',
  message: (p) => `cannot make a folder in ${p.folder}: ${p.reason}`,
  why: 'A run keeps rows that do not fit into memory in a private folder.',
  remedy: () => 'set TMPDIR to an existing folder that you can write to',
})

export const budgetSpent = code<{ seconds: number }>({
  id: 'RUN108',
  slug: 'budget-spent',
  severity: 'error',
  title: 'A case or mutant has no answer in time',
  message: (p) => `no answer within ${p.seconds} s`,
  why: 'The usual causes are a regular expression that backtracks for very long on some text, and a very large case.',
  remedy: () =>
    'simplify nested repetitions such as (a+)+ in the query, shorten the telemetry, or allow more time with --budget',
})

export const pageGivenUp = code<{ spent: number; seconds: number }>({
  id: 'RUN109',
  slug: 'page-given-up',
  severity: 'error',
  title: 'A page has many cases without an answer',
  message: (p) => `not run: ${p.spent} cases of this page have no answer within ${p.seconds} s`,
  why: 'A page of endless cases must not keep the other pages waiting.',
  remedy: () => 'mend the cases above that have no answer',
})

export const mutantsGivenUp = code<{ file: string; spent: number; seconds: number }>({
  id: 'RUN110',
  slug: 'mutants-given-up',
  severity: 'error',
  title: 'The mutants of a query have no answer in time',
  message: (p) => `${p.file} is not proven: ${p.spent} of its mutants have no answer within ${p.seconds} s`,
  why: 'A mutant without an answer counts as killed. A score that rests on many of them would say nothing.',
  remedy: () =>
    'simplify nested repetitions such as (a+)+ in the query, shorten the telemetry of its cases, or allow more time with --budget',
})

export const generatedTooLong = code<{ what: string; seconds: number }>({
  id: 'RUN112',
  slug: 'generated-events-too-long',
  severity: 'error',
  title: 'Work on generated events took too long',
  message: (p) => `${p.what} took more than ${p.seconds} s and was ended`,
  why: 'The usual cause is a regular expression that backtracks for very long on a generated text.',
  remedy: () => 'simplify repetitions that overlap, such as (a+)+ or many .* in a row',
})

export const notBudget = code<{ text: string }>({
  id: 'RUN111',
  slug: 'not-a-budget',
  severity: 'error',
  title: 'The budget is no time',
  message: (p) => `invalid --budget \`${p.text}\`: expected a whole number of seconds from 1 to 86400`,
  why: 'The budget is the longest time that one case may take.',
  remedy: () => 'write a number of seconds, such as --budget 60',
})

export const noEventInFile = code<{ file: string }>({
  id: 'RUN070',
  slug: 'no-event-to-explain',
  severity: 'error',
  title: 'The file of the event has no event',
  message: (p) => `\`${p.file}\` has no event`,
  why: '`--event` follows one event, and the file has none that a format of Assay reads.',
  remedy: () => 'write the event as it was logged, on one line, such as a JSON object',
})
