// `assay`: the functions of the library, for Node.
import { rowObjects, toJson } from '../../core/library/core.ts'
import { jsonLine } from '../../core/logs/readers/json/write.ts'
import { languageNamed } from '../../core/workbench/compile.ts'
import { testPaths } from '../cases/test-paths.ts'
import { runQuery } from '../query/run-query.ts'
import { verifyQueries } from '../query/verify-queries.ts'
import type { Library } from './api.ts'

export type * from '../../core/library/api.ts'
export { compile, complete, evaluate, fix, format, hover, lint } from '../../core/library/core.ts'
export type * from './api.ts'

/** Throws a RangeError for a language that Assay does not read. */
function known(language: string): string {
  const found = languageNamed(language)
  if (!found) throw new RangeError(`there is no language ${language}`)
  return found.id
}

const COMMON = { tz: 'UTC', sourceTz: 'UTC', view: 'auto' } as const
const params = (of: Readonly<Record<string, string>> = {}): string[] => Object.entries(of).map(([k, v]) => `${k}=${v}`)

export const run: Library['run'] = async (text, options) => {
  const { language, name = '<query>', parameters, logs, lookups = [], ...more } = options
  const query = { name, text }
  const found = await runQuery({
    ...COMMON,
    ...more,
    query,
    language: known(language),
    logs,
    lookups,
    param: params(parameters),
  })
  const { columns, rows } = found.table
  return { ok: found.ok, columns, rows: rowObjects(columns, rows), diagnostics: toJson(found.diagnostics) }
}

export const test: Library['test'] = async (paths, { filter, roots = [], budget = 10 } = {}) => {
  const { cases, diagnostics } = await testPaths(paths, { filter, roots, budget, prove: false })
  const count = (status: string): number => cases.filter((c) => c.status === status).length
  return { passed: count('passed'), failed: count('failed'), cases, diagnostics: toJson(diagnostics) }
}

export const verify: Library['verify'] = async (
  a,
  b,
  { language, languageB = language, name = '<query>', parameters, logs = [] },
) => {
  const side = (text: string, id: string) => ({ source: { name, text }, language: known(id) })
  const options = { ...COMMON, logs, seed: 1, param: params(parameters) }
  const { verdict, diagnostics } = await verifyQueries(side(a, language), side(b, languageB), options)
  const differsOn = verdict?.kind === 'differs' ? verdict.telemetry.events.map(jsonLine) : []
  return { verdict: verdict?.kind, differsOn, diagnostics: toJson(diagnostics) }
}
