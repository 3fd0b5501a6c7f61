// assay test: pages of cases, run and judged; with a detection, what they prove.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { noCases } from '../core/diag/catalogue/query-file.ts'
import { notPercent } from '../core/diag/catalogue/detection-folders.ts'
import { type Diagnostic, noPlace, diagnostic } from '../core/diag/diagnostic.ts'
import { renderDiagnostic } from '../core/diag/render.ts'
import { junitXml } from '../core/detect/case/junit.ts'
import type { Proof } from '../core/detect/mutation/proof.ts'
import { openDuckdb } from '../engine/cases/case-executors.ts'
import { detectionsOf } from '../engine/project/detection-folders.ts'
import { proveDetection } from '../engine/cases/mutation-run.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { listPages } from '../engine/project/list-files.ts'
import { type Accepted, type CaseResult, type Failure, testPage } from '../engine/cases/test-cases.ts'
import { whenChanged } from '../engine/project/watch.ts'
import { diagnosticsToJson, printDiagnostics, toJson } from './diagnostics-output.ts'
import { progress } from './progress.ts'
import type { Io } from './io.ts'

export interface TestOptions {
  readonly filter?: string
  readonly root: readonly string[]
  readonly accept?: boolean
  readonly format: 'json' | 'text'
  /** A file for JUnit XML. */
  readonly junit?: string
  readonly watch?: boolean
  /** Clause coverage is printed. */
  readonly coverage?: boolean
  /** The mutation score is printed. */
  readonly mutation?: boolean
  /** Percent. */
  readonly minCoverage?: string
  readonly minMutation?: string
}

export async function test(io: Io, paths: readonly string[], options: TestOptions): Promise<number> {
  const wrong = badPercents(options)
  if (wrong.length > 0) {
    printDiagnostics(io, wrong)
    return 2
  }
  if (!options.watch) return once(io, paths, options)
  let status = 0
  const watched = await whenChanged(
    paths,
    async (changed) => {
      status = await once(io, changed, options)
      if (paths.some((p) => existsSync(p)))
        io.stderr.write(`${status === 0 ? 'passed' : 'failed'}; waiting for a change (Ctrl-C stops)\n`)
    },
    {
      ignored: options.junit === undefined ? [] : [options.junit],
      onError: (e) => io.stderr.write(`not run: ${e instanceof Error ? e.message : e}; waiting for a change\n`),
    },
  )
  return watched ? 0 : status
}

async function once(io: Io, paths: readonly string[], options: TestOptions): Promise<number> {
  const { pages, diagnostics } = listPages(paths)
  const folders = detectionsOf(paths)
  const duckdb = await openDuckdb()
  const cases: CaseResult[] = []
  const proofs: { folder: string; proof: Proof }[] = []
  const wrong = [...diagnostics, ...folders.flatMap((f) => f.diagnostics)]
  const text = options.format === 'text'
  try {
    for (const page of pages) {
      const { filter, accept = false, root: roots } = options
      const only = { roots, ...(filter !== undefined && { filter }) }
      const result = await testPage(page, { executors: [duckdb], accept, ...only })
      if (accept && result.accepted.changes.length > 0) {
        const failed = writeWhole(page.name, result.accepted.text)
        if (failed) wrong.push(failed)
        else if (text) io.stdout.write(acceptedText(result.accepted))
      }
      // What no block holds (a refused query, engines that differ) is not accepted away, so the new page is judged again.
      const again = accept
        ? await testPage({ ...page, text: result.accepted.text }, { executors: [duckdb], ...only })
        : result
      cases.push(...again.cases)
      if (text) for (const c of again.cases) io.stdout.write(caseText(c))
    }
    // Mutants are told by cases that fail on them: with a case that fails already, every mutant would look killed.
    if (wantsProof(options) && !cases.some((c) => c.status === 'failed'))
      for (const folder of folders) {
        const meter = progress(io)
        const onProgress = (file: string, done: number, of: number) => meter.show(`mutants of ${file}`, done, of)
        const proof = await proveDetection(folder, { onProgress })
        meter.clear()
        proofs.push({ folder: folder.name, proof })
      }
  } finally {
    duckdb.close()
  }
  if (cases.length === 0 && wrong.length === 0)
    wrong.push(diagnostic(noCases, noPlace, { filter: options.filter ?? '' }))
  if (text) printDiagnostics(io, wrong)
  const count = (status: CaseResult['status']) => cases.filter((c) => c.status === status).length
  const [passed, failed, skipped, todo] = [count('passed'), count('failed'), count('skipped'), count('todo')]
  if (text) {
    for (const { folder, proof } of proofs) io.stdout.write(proofText(folder, proof, options))
    const more = [...(skipped ? [`${skipped} skipped`] : []), ...(todo ? [`${todo} todo`] : [])]
    io.stdout.write(`${[`${passed} passed`, `${failed} failed`, ...more].join(', ')}\n`)
  } else {
    const proven = wantsProof(options) ? { proofs } : {}
    io.stdout.write(
      `${toJson({ passed, failed, skipped, todo, cases, ...proven, diagnostics: diagnosticsToJson(wrong) })}\n`,
    )
  }
  if (options.junit !== undefined) {
    const said = wrong.filter((d) => d.severity === 'error').map((d) => renderDiagnostic(d, { colour: false }))
    const unwritten = writeWhole(options.junit, junitXml(cases, said))
    if (unwritten) printDiagnostics(io, [unwritten])
    if (unwritten) return 2
  }
  if (wrong.some((d) => d.severity === 'error')) return 2
  return failed > 0 || proofs.some(({ proof }) => isTooLittle(proof, options)) ? 1 : 0
}

const wantsProof = (o: TestOptions): boolean =>
  o.coverage === true || o.mutation === true || o.minCoverage !== undefined || o.minMutation !== undefined

function badPercents({ minCoverage, minMutation }: TestOptions): Diagnostic[] {
  return Object.entries({ '--min-coverage': minCoverage, '--min-mutation': minMutation }).flatMap(([option, text]) =>
    text === undefined || (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100)
      ? []
      : [diagnostic(notPercent, noPlace, { option, text })],
  )
}

function isTooLittle({ coverage, mutation }: Proof, { minCoverage, minMutation }: TestOptions): boolean {
  return (
    (minCoverage !== undefined && coverage.some((c) => percent(c.covered, c.total) < Number(minCoverage))) ||
    (minMutation !== undefined && mutation.some((m) => m.score < Number(minMutation)))
  )
}

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (part / whole) * 100)

/** Coverage and survivors, each at its place in the query, so that an editor can go there. */
function proofText(folder: string, { coverage, mutation }: Proof, options: TestOptions): string {
  const lines: string[] = []
  const at = (file: string, c: { line: number; column: number }) => `  ${join(folder, file)}:${c.line}:${c.column}:`
  if (options.coverage || options.minCoverage !== undefined)
    for (const c of coverage) {
      lines.push(
        `coverage ${percent(c.covered, c.total).toFixed(1)} %  ${join(folder, c.file)}: ${c.covered} of ${c.total} clauses`,
      )
      for (const u of c.uncovered) lines.push(`${at(c.file, u)} no test checks \`${u.text}\``)
      for (const u of c.outOfReach)
        lines.push(`${at(c.file, u)} counted as covered: \`${u.text}\` changes nothing up to ${u.rows} rows`)
    }
  if (options.mutation || options.minMutation !== undefined)
    for (const m of mutation) {
      const same = m.equivalent > 0 ? `, ${m.equivalent} equal to the query` : ''
      lines.push(
        `mutation ${m.score.toFixed(1)} %  ${join(folder, m.file)}: ${m.killed} of ${m.total} mutants killed${same}`,
      )
      for (const s of m.survivors) {
        lines.push(`${at(m.file, s)} ${s.operator}: \`${s.text}\`${s.after === '' ? ' gone' : ` → \`${s.after}\``}`)
        lines.push(
          `    a test would need ${s.wanted}${s.confirmed ? '' : ' (DuckDB sees a difference that the evaluator does not: please report it)'}`,
        )
      }
    }
  return lines.map((l) => `${l}\n`).join('')
}

function caseText(c: CaseResult): string {
  if (c.status === 'skipped') return `skipped  ${c.page}:${c.line} ${c.title} (${c.reason})\n`
  if (c.status === 'todo') return `todo     ${c.page}:${c.line} ${c.title} (${c.reason})\n`
  if (c.status === 'passed') return ''
  return `FAILED   ${c.page}:${c.line} ${c.title}\n${c.failures.map((f) => failureText(c.page, f)).join('')}\n`
}

function failureText(page: string, f: Failure): string {
  const lines = [`  ${page}:${f.line}: ${f.what}`, ...f.detail.map((d) => `    ${d}`)]
  if (f.steps && f.steps.length > 0) {
    lines.push(
      '    steps:',
      ...f.steps.map((s) => `      ${String(s.rowsIn).padStart(6)} → ${String(s.rowsOut).padEnd(6)} ${s.text}`),
    )
  }
  if (f.sql !== undefined) lines.push('    SQL:', ...excerpt(f.sql).map((l) => `      ${l}`))
  if (f.query) {
    const { text, file, language } = f.query
    const quoted = `'${text.trim().replaceAll("'", `'\\''`)}'`
    const named = file === undefined ? `--lang ${language} ${quoted}` : join(dirname(page), file)
    lines.push(`    explain: npx assay explain ${named.replaceAll('\n', '\n      ')}`)
  }
  return `${lines.join('\n')}\n`
}

const LINES = 14
const WIDTH = 140

/** SQL that casts text to numbers as a SIEM does is long; JSON output has it whole. */
function excerpt(sql: string): string[] {
  const lines = sql.split('\n')
  const shown = lines.slice(0, LINES).map((l) => (l.length > WIDTH ? `${l.slice(0, WIDTH - 1)}…` : l))
  const cut = lines.length > LINES || lines.some((l) => l.length > WIDTH)
  return cut ? [...shown, '… (use --format json for all)'] : shown
}

function acceptedText({ page, changes }: Accepted): string {
  const part = (text: string, sign: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((l) => `  ${sign} ${l}\n`)
      .join('')
  return changes.map((c) => `accepted ${page.name}:${c.line}\n${part(c.before, '-')}${part(c.after, '+')}`).join('')
}
