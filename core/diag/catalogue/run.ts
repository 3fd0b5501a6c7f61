// RUN: a query that was understood could not be executed to its end.
import { code } from '../diagnostic.ts'

export const aborted = code<{ phase: string }>({
  id: 'RUN101',
  slug: 'stopped',
  severity: 'error',
  title: 'The run was stopped',
  message: (p) => `stopped while ${p.phase}`,
  why: 'Somebody asked for it (Ctrl-C).',
  remedy: () => 'run it again; nothing was left behind',
})

export const stuck = code<{ phase: string; seconds: number; file: string | null; offset: number | null }>({
  id: 'RUN102',
  slug: 'no-progress',
  severity: 'error',
  title: 'Nothing moved for too long',
  message: (p) =>
    `no progress for ${p.seconds} s while ${p.phase}${p.file === null ? '' : `, at byte ${p.offset ?? 0} of ${p.file}`}`,
  why: 'The usual cause is a regular expression that backtracks without end on some text.',
  remedy: () => 'simplify nested repetitions such as (a+)+ in the query, or leave out the record named',
})

export const crashed = code<{ phase: string; reason: string }>({
  id: 'RUN103',
  slug: 'worker-failed',
  severity: 'error',
  title: 'A worker ended with an error',
  message: (p) => `failed while ${p.phase}: ${p.reason.split('\n')[0]}`,
  why: 'A limit of memory or disk was reached, or Assay has a fault.',
  remedy: () =>
    'look for a step that makes texts or patterns grow; free memory or disk space (TMPDIR); else report it with the query',
})

export const tooManyRows = code<{ rows: number; limit: number }>({
  id: 'RUN104',
  slug: 'too-many-rows',
  severity: 'error',
  title: 'More rows than fit into memory',
  message: (p) => `${p.rows} rows are more than the evaluator takes (${p.limit} values)`,
  why: 'The evaluator holds all rows in memory; DuckDB does not, but was not to be used.',
  remedy: () => 'use --engine auto, or narrow the interval',
})

export const engineFailed = code<{ engine: string; reason: string }>({
  id: 'RUN105',
  slug: 'engine-failed',
  severity: 'error',
  title: 'The database engine refused or failed',
  message: (p) => `${p.engine}: ${p.reason.split('\n')[0]}`,
  why: 'Out of memory or disk, or a query that Assay compiled wrongly.',
  remedy: () => 'raise --memory, free disk space (TMPDIR), or use --engine evaluator',
})

export const noInput = code<Record<string, never>>({
  id: 'RUN106',
  slug: 'no-input',
  severity: 'error',
  title: 'There is nothing to read',
  message: () => 'no usable log file',
  why: 'Every file named is missing, unreadable or of no known format; the reasons stand above.',
  remedy: () => 'name at least one log file that can be read',
})
