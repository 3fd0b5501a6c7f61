// Runs pages of cases: every query on every executor, compared with the results on its page.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Block, type Case, type CaseFile, parseCaseFile, withBodies } from '../../core/detect/case/case-file.ts'
import type { Problem } from '../../core/detect/case/block-text.ts'
import { type Prepared, prepareCase } from '../../core/detect/case/case.ts'
import { acceptedBodies, judge } from '../../core/detect/case/judge.ts'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { type CompileText, compileOnce } from '../../core/detect/case/compile-text.ts'
import { printTable } from '../../core/detect/case/result-table.ts'
import { internalError } from '../../core/diag/catalogue/cli.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import type { Result } from '../../core/diag/result.ts'
import { renderDiagnostic } from '../../core/diag/render.ts'
import { stepCounts } from '../../core/eval/steps.ts'
import { isHidden, type Plan, type Row } from '../../core/plan/plan.ts'
import type { Source } from '../../core/text/source.ts'
import { type Reach, readInside } from '../files/open-inside.ts'
import { evaluator, type Executor, type Ran } from './case-executors.ts'

export interface Failure extends Problem {
  /** Name of the executor. Undefined: the page is wrong or the query was refused, so nothing ran. */
  readonly executor?: string
  readonly sql?: string
  /** Query text, its file beside the page if it has one, and language, where a query is at fault. */
  readonly query?: { readonly text: string; readonly file?: string; readonly language: string }
  /** Events into and out of each step of the query. */
  readonly steps?: readonly { readonly text: string; readonly rowsIn: number; readonly rowsOut: number }[]
}

export interface CaseResult {
  readonly page: string
  readonly title: string
  /** 1-based line of the heading. */
  readonly line: number
  readonly status: 'failed' | 'passed' | 'skipped' | 'todo'
  /** Text of `skip:` or `todo:`. */
  readonly reason?: string
  readonly failures: readonly Failure[]
  /** Milliseconds. */
  readonly ms: number
}

export interface Accepted {
  readonly page: Source
  /** The page with new bodies. Equal to the old text if nothing changes. */
  readonly text: string
  readonly changes: readonly { readonly line: number; readonly before: string; readonly after: string }[]
}

export interface PageOptions {
  /** Run in addition to the evaluator, whose rows are the right ones. */
  readonly executors: readonly Executor[]
  /** Part of a title. */
  readonly filter?: string
  readonly accept?: boolean
  /** Gets each query that the evaluator ran. */
  readonly onQuery?: (q: Prepared, plan: Plan) => void
  /** Folders whose files a page may name, beside its own; a page of a detection stays in the folder of the detection. */
  readonly roots?: readonly string[]
}

export interface PageResult {
  readonly cases: readonly CaseResult[]
  readonly accepted: Accepted
}

/** A case and, with `accept`, the bodies that its results would give the page. */
export interface TestedCase {
  readonly result: CaseResult
  readonly bodies: readonly { readonly block: Block; readonly body: string }[]
}

export interface Steps {
  /** The first of the wanted cases, by number. Default 0. */
  readonly from?: number
  readonly onCase?: (c: Case) => void
}

export async function testPage(page: Source, options: PageOptions): Promise<PageResult> {
  const tested: TestedCase[] = []
  for await (const t of testCases(parseCaseFile(page), options)) tested.push(t)
  return pageResult(page, tested)
}

/** Cases whose titles hold the text of `filter`. */
export const wantedCases = ({ cases }: CaseFile, filter = ''): readonly Case[] =>
  cases.filter((c) => c.title.toLowerCase().includes(filter.toLowerCase()))

/** The wanted cases of a page, one after the other. An exception fails its own case only. */
export async function* testCases(
  file: CaseFile,
  options: PageOptions,
  { from = 0, onCase }: Steps = {},
): AsyncGenerator<TestedCase> {
  const compile = compileOnce()
  for (const c of wantedCases(file, options.filter).slice(from)) {
    onCase?.(c)
    const bodies: { block: Block; body: string }[] = []
    try {
      yield { result: await testCase(file, c, { ...options, compile }, bodies), bodies }
    } catch (e) {
      yield failedCase(file.source.name, c, internalError(e))
    }
  }
}

/** A case that has no answer of its own. */
export function failedCase(page: string, { title, line }: Pick<Case, 'line' | 'title'>, d: Diagnostic): TestedCase {
  const detail = renderDiagnostic(d, { colour: false }).split('\n')
  const failures = [{ line, what: 'the case has no answer', detail }]
  return { result: { page, title, line, status: 'failed', failures, ms: 0 }, bodies: [] }
}

export function pageResult(page: Source, tested: readonly TestedCase[]): PageResult {
  const bodies = tested.flatMap((t) => t.bodies)
  const changed = bodies.filter((b) => b.body.trimEnd() !== b.block.source.text.trimEnd())
  const accepted: Accepted = {
    page,
    text: withBodies(page, changed),
    changes: changed.map(({ block, body }) => ({ line: block.line, before: block.source.text, after: body })),
  }
  return { cases: tested.map((t) => t.result), accepted }
}

async function testCase(
  file: CaseFile,
  c: Case,
  options: PageOptions & { readonly compile: CompileText },
  bodies: { block: Block; body: string }[],
): Promise<CaseResult> {
  const began = performance.now()
  const { title, line, skip, todo } = c
  const done = (status: CaseResult['status'], failures: readonly Failure[], reason?: string): CaseResult => ({
    page: file.source.name,
    title,
    line,
    status,
    failures,
    ms: performance.now() - began,
    ...(reason !== undefined && { reason }),
  })
  if (skip !== undefined) return done('skipped', [], skip)
  const reach = reachOf(file.source.name, options.roots ?? [])
  const prepared = prepareCase(file, c, (path) => textOrProblem(readInside(reach, path)), options.compile)
  const failures: Failure[] = [...prepared.problems]
  for (const q of prepared.queries) {
    const { failed, outcome } = await testQuery(q, options.executors)
    if (q.plan && outcome) options.onQuery?.(q, q.plan)
    failures.push(...failed)
    if (options.accept && todo === undefined) bodies.push(...acceptedBodies(q, outcome))
  }
  if (todo === undefined) return done(failures.length > 0 ? 'failed' : 'passed', failures)
  if (failures.length > 0) return done('todo', failures, todo)
  const passed = { line, what: 'a case with todo passes', detail: [`fix: remove the line \`todo: ${todo}\``] }
  return done('failed', [passed], todo)
}

const textOrProblem = (read: Result<string>): Diagnostic | string | undefined =>
  read.ok ? read.value : read.diagnostics[0]

/** A page of a detection may read files of the detection; any other page, files of its own folder and of the given roots. */
function reachOf(page: string, roots: readonly string[]): Reach {
  const from = dirname(page)
  const home = homeOf(page)
  return { from, roots: home === undefined ? [from, ...roots] : [home] }
}

/** The folder of the detection that a page belongs to. */
function homeOf(page: string): string | undefined {
  for (let at = dirname(resolve(page)); ; at = dirname(at)) {
    if (existsSync(join(at, DETECTION_FILE))) return at
    if (at === dirname(at)) return undefined
  }
}

async function testQuery(
  q: Prepared,
  executors: readonly Executor[],
): Promise<{ failed: Failure[]; outcome: Ran | undefined }> {
  const file = q.block.options.get('file')
  const query = { text: q.compiled.source.text, ...(file && { file }), language: q.compiled.language.id }
  const { plan } = q
  if (!plan) return { failed: judge(q, undefined).map((p) => ({ ...p, query })), outcome: undefined }
  const rows = memo(q.rows)
  let outcome: Ran
  try {
    outcome = await evaluator.run(plan, rows, q.env)
  } catch (e) {
    const failed = {
      line: q.block.line,
      what: 'the evaluator failed',
      detail: reason(e),
      query,
      executor: evaluator.name,
    }
    return { failed: [failed], outcome: undefined }
  }
  const problems = judge(q, outcome)
  const steps = problems.some((p) => p.what !== 'other diagnostics') ? stepsOf(q, rows) : []
  const failed: Failure[] = problems.map((p) => ({
    ...p,
    query,
    executor: evaluator.name,
    ...(steps.length > 0 && { steps }),
  }))
  failed.push(...refusals(q).map((p) => ({ ...p, query })))
  for (const executor of executors) {
    const at = { line: q.block.line, query, executor: executor.name }
    try {
      const ran = await executor.run(plan, rows, q.env)
      const ordered = q.expected.some((b) => b.options.has('ordered'))
      const detail = difference(outcome, ran, ordered)
      const what = `${executor.name} and the evaluator give other rows`
      if (detail.length > 0) failed.push({ ...at, what, detail, ...(ran.sql !== null && { sql: ran.sql }) })
    } catch (e) {
      failed.push({ ...at, what: `${executor.name} failed`, detail: reason(e) })
    }
  }
  return { failed, outcome }
}

const reason = (e: unknown): string[] => (e instanceof Error ? e.message : String(e)).split('\n')

const memo = <A extends object, B>(f: (a: A) => B): ((a: A) => B) => {
  const results = new WeakMap<A, B>()
  return (a) => {
    const before = results.get(a)
    if (before !== undefined) return before
    const result = f(a)
    results.set(a, result)
    return result
  }
}

/** A query that the vendor refuses cannot be deployed, so its test fails although it runs here. */
function refusals({ block, compiled, expected }: Prepared): Problem[] {
  if (!compiled.wouldBeRefused || block.options.has('lenient') || expected.some((b) => b.kind === 'diagnostics'))
    return []
  const texts = compiled.diagnostics.map((d) => renderDiagnostic(d, { colour: false }))
  return [
    {
      line: block.line,
      what: `${compiled.language.title} would refuse this query`,
      detail: [...texts.flatMap((t) => t.split('\n')), 'fix: `assay lint --fix`, or write `lenient` behind the fence'],
    },
  ]
}

/**
 * The lines in which two results differ. Doubles are compared to nine digits: sums of floats may differ beyond. Order counts only where the
 * page promises it.
 */
export function difference(wanted: Ran, other: Ran, ordered: boolean): string[] {
  const lines = (ran: Ran): string[] => {
    const columns = ran.columns.filter((c) => !isHidden(c.id)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return printTable(columns, ran.rows.map(roundRow))
      .split('\n')
      .slice(0, -1)
      .map((l) => l.replace(/ +/g, ' '))
  }
  const [head = '', ...a] = lines(wanted)
  const [otherHead = '', ...b] = lines(other)
  if (head !== otherHead) return [`- ${head}`, `+ ${otherHead}`]
  if (ordered && a.join('\n') !== b.join('\n'))
    return [`  ${head}`, ...a.map((l) => `- ${l}`), ...b.map((l) => `+ ${l}`)]
  const left = [...b]
  const lost = a.filter((l) => {
    const i = left.indexOf(l)
    if (i >= 0) left.splice(i, 1)
    return i < 0
  })
  return lost.length + left.length > 0 ? [`  ${head}`, ...lost.map((l) => `- ${l}`), ...left.map((l) => `+ ${l}`)] : []
}

const roundRow = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'number' ? Number(v.toPrecision(9)) + 0 : v]))

/** Events into and out of each step of the text, by the plan as lowered. */
function stepsOf({ compiled, env }: Prepared, rows: Prepared['rows']): NonNullable<Failure['steps']> {
  const { plan, source } = compiled
  if (!plan) return []
  const steps = new Map<string, { text: string; rowsIn: number; rowsOut: number }>()
  for (const s of stepCounts(plan, rows, env)) {
    const { at } = s.stage
    if (!at || !/^out\.\d+$/.test(s.path)) continue
    const text = source.text.slice(at.start, at.end).replace(/\s+/g, ' ').trim()
    const key = `${at.start} ${at.end}`
    steps.set(key, { text, rowsIn: steps.get(key)?.rowsIn ?? s.rowsIn, rowsOut: s.rowsOut })
  }
  return [...steps.values()]
}
