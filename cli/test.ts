// assay test: runs pages of cases. For a detection, also coverage and mutants.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { junitXml } from '../core/detect/case/junit.ts'
import type { Proof } from '../core/detect/mutation/proof.ts'
import { notPercent } from '../core/diag/catalogue/detection-folders.ts'
import { type Diagnostic, diagnostic, noPlace } from '../core/diag/diagnostic.ts'
import { renderDiagnostic } from '../core/diag/render.ts'
import type { Accepted, CaseResult, Failure } from '../engine/cases/test-cases.ts'
import { type TestedPaths, testPaths } from '../engine/cases/test-paths.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { whenChanged } from '../engine/project/watch.ts'
import { badBudget } from './budget.ts'
import type { TestFlags } from './commands/test.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { errorsOf } from './words.ts'

export async function test(io: Io, paths: readonly string[], flags: TestFlags): Promise<number> {
  const wrong = [...badPercents(flags), ...badBudget(flags.budget)]
  if (wrong.length > 0) {
    say(io, wrong)
    return 2
  }
  if (!flags.watch) return once(io, paths, flags)
  let status = 0
  const watched = await whenChanged(
    paths,
    async (changed) => {
      status = await once(io, changed, flags)
      if (paths.some((p) => existsSync(p)))
        print(io.stderr, `${status === 0 ? 'passed' : 'failed'}; waiting for a change (Ctrl-C stops)\n`)
    },
    {
      ignored: flags.junit === undefined ? [] : [flags.junit],
      onError: (e) => print(io.stderr, `not run: ${e instanceof Error ? e.message : e}; waiting for a change\n`),
    },
  )
  return watched ? 0 : status
}

async function once(io: Io, paths: readonly string[], flags: TestFlags): Promise<number> {
  const isText = flags.format === 'text'
  const meter = progress(io)
  const tested = await testPaths(paths, {
    filter: flags.filter,
    accept: flags.accept,
    prove: wantsProof(flags),
    suggest: flags.mutation === true,
    roots: flags.root,
    budget: Number(flags.budget),
    onPage: (cases, accepted) => {
      if (isText && accepted) print(io.stdout, acceptedText(accepted))
      if (isText) for (const c of cases) print(io.stdout, caseText(c))
    },
    onProgress: meter.show,
  })
  meter.clear()
  const count = (status: CaseResult['status']) => tested.cases.filter((c) => c.status === status).length
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), todo: count('todo') }
  if (isText) printResult(io, tested, counts, flags)
  else {
    const { cases, proofs, diagnostics } = tested
    const proven = wantsProof(flags) ? { proofs } : {}
    printJson(io, { ...counts, cases, ...proven, diagnostics: diagnosticsToJson(diagnostics) })
  }
  const errors = errorsOf(tested.diagnostics)
  if (flags.junit !== undefined) {
    const texts = errors.map((d) => renderDiagnostic(d, { colour: false }))
    const unwritten = writeWhole(flags.junit, junitXml(tested.cases, texts))
    if (unwritten) {
      say(io, [unwritten])
      return 2
    }
  }
  if (errors.length > 0) return 2
  return counts.failed > 0 || tested.proofs.some(({ proof }) => isTooLittle(proof, flags)) ? 1 : 0
}

function printResult(
  io: Io,
  { proofs, diagnostics }: TestedPaths,
  { passed, failed, skipped, todo }: Readonly<Record<CaseResult['status'], number>>,
  flags: TestFlags,
): void {
  say(io, diagnostics, { full: true })
  for (const { folder, proof } of proofs) {
    print(io.stdout, proofText(folder, proof, flags))
    say(io, proof.unproven, { full: true })
  }
  const more = [...(skipped ? [`${skipped} skipped`] : []), ...(todo ? [`${todo} todo`] : [])]
  print(io.stdout, `${[`${passed} passed`, `${failed} failed`, ...more].join(', ')}\n`)
}

const wantsProof = (o: TestFlags): boolean =>
  o.coverage === true || o.mutation === true || o.minCoverage !== undefined || o.minMutation !== undefined

function badPercents({ minCoverage, minMutation }: TestFlags): Diagnostic[] {
  return Object.entries({ '--min-coverage': minCoverage, '--min-mutation': minMutation }).flatMap(([option, text]) =>
    text === undefined || (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100)
      ? []
      : [diagnostic(notPercent, noPlace, { option, text })],
  )
}

function isTooLittle({ coverage, mutation, unproven }: Proof, { minCoverage, minMutation }: TestFlags): boolean {
  return (
    unproven.length > 0 ||
    (minCoverage !== undefined && coverage.some((c) => percent(c.covered, c.total) < Number(minCoverage))) ||
    (minMutation !== undefined && mutation.some((m) => m.score < Number(minMutation)))
  )
}

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (part / whole) * 100)

/** Coverage and survivors, each with its place in the query, to which an editor can jump. */
function proofText(folder: string, { coverage, mutation }: Proof, options: TestFlags): string {
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
      for (const s of m.spent)
        lines.push(`${at(m.file, s)} no answer in time, counted as killed: \`${s.text}\`${becomes(s.after)}`)
      for (const s of m.survivors) {
        lines.push(`${at(m.file, s)} ${s.operator}: \`${s.text}\`${becomes(s.after)}`)
        lines.push(
          `    a test would need ${s.wanted}${s.confirmed ? '' : ' (DuckDB sees a difference that the evaluator does not: please report it)'}`,
        )
        if (s.case !== undefined)
          lines.push('    such as this case, which the mutant fails:', '', ...s.case.split('\n'))
      }
    }
  return lines.map((l) => `${l}\n`).join('')
}

const becomes = (after: string): string => (after === '' ? ' gone' : ` → \`${after}\``)

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

/** SQL that converts texts to numbers like a SIEM is long. JSON output has all of it. */
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
