// Queries over events, as pages of one case: all that Assay does with a query text, and the rows of the evaluator against those of DuckDB.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openCase, prepareQuery, queryBlocks, type OpenCase } from '../../core/detect/case/case.ts'
import { type Block, type Case, type CaseFile, parseCaseFile } from '../../core/detect/case/case-file.ts'
import { compileAndOptimise } from '../../core/detect/case/compile-text.ts'
import { renderDiagnostics } from '../../core/diag/render.ts'
import { stepCounts } from '../../core/eval/steps.ts'
import type { Env, Plan, Row, SourceNode } from '../../core/plan/plan.ts'
import { printPlan } from '../../core/plan/print.ts'
import { planSources } from '../../core/plan/sources.ts'
import type { Source } from '../../core/text/source.ts'
import { compile, languageNamed } from '../../core/workbench/compile.ts'
import { fixed, lint } from '../../core/workbench/lint.ts'
import { evaluator, type Executor } from '../../engine/cases/case-executors.ts'
import { difference } from '../../engine/cases/test-cases.ts'
import { listPages } from '../../engine/project/list-files.ts'
import { mutateEvents, mutateText } from './mutate.ts'
import { type Count, type Fault, guarded, type Outcome } from './oracle.ts'
import type { Random } from './random.ts'

export interface QueryCorpus {
  readonly cases: readonly { readonly file: CaseFile; readonly case: Case }[]
  /** Language → texts of all queries. */
  readonly texts: ReadonlyMap<string, readonly string[]>
}

/** The cases of the repository that have their telemetry and queries in the page. */
export function queryCorpus(): QueryCorpus {
  const texts = new Map<string, string[]>()
  const cases: { file: CaseFile; case: Case }[] = []
  for (const page of listPages(['conformance', 'core/lint/rules', 'detections']).pages) {
    const file = inlined(parseCaseFile(page))
    for (const c of file.cases) {
      if (c.skip !== undefined) continue
      const queries = [...file.shared, ...c.blocks].filter(isQuery)
      for (const q of queries) texts.set(q.kind, [...(texts.get(q.kind) ?? []), q.source.text])
      if (queries.length > 0) cases.push({ file, case: c })
    }
  }
  return { cases, texts }
}

const isQuery = (b: Block): boolean => languageNamed(b.kind) !== undefined

/** The page with the texts of its files in place of their names. */
function inlined(file: CaseFile): CaseFile {
  const inline = (block: Block): Block => {
    const path = block.options.get('file')
    if (path === undefined) return block
    const text = readFileSync(join(dirname(file.source.name), path), 'utf8')
    const options = new Map([...block.options].filter(([k]) => k !== 'file'))
    return { ...block, options, source: { ...block.source, text } }
  }
  return {
    ...file,
    shared: file.shared.map(inline),
    cases: file.cases.map((c) => ({ ...c, blocks: c.blocks.map(inline) })),
  }
}

/** A page with one case: its telemetry and one of its queries, both changed. */
export function mutatedPage({ cases, texts }: QueryCorpus, random: Random): string {
  const { file, case: c } = random.pick(cases)
  const blocks = [...file.shared, ...c.blocks].filter((b) => !EXPECTATIONS.has(b.kind))
  const chosen = random.pick(blocks.filter((b) => isQuery(b) && !b.options.has('saved')))
  const names = [...fieldsOf(blocks), 'constructor', '__proto__', 'toString']
  const kept = blocks.flatMap((b) => {
    if (b === chosen) return [{ ...b, text: mutateText(b.source.text, texts.get(b.kind) ?? [''], names, random) }]
    if (isQuery(b) && !b.options.has('saved')) return []
    const isTelemetry = b.kind === 'events' || b.kind === 'raw'
    return [{ ...b, text: isTelemetry && random.chance(0.6) ? mutateEvents(b.source.text, random) : b.source.text }]
  })
  return `# A mutant\n\n## of ${c.title}\n\n${kept.map(blockText).join('\n')}`
}

const EXPECTATIONS = new Set(['diagnostics', 'fires', 'quiet', 'result'])

/** The telemetry of a page may be a file with thousands of lines; so many show enough. */
const MOST_LINES = 60

function blockText({ kind, options, text }: Pick<Block, 'kind' | 'options'> & { readonly text: string }): string {
  const lines = text.split('\n')
  const short =
    lines.length > MOST_LINES && (kind === 'events' || kind === 'raw')
      ? `${lines.slice(0, MOST_LINES).join('\n')}\n`
      : text
  const words = [kind, ...[...options].map(([k, v]) => (v === '' ? k : `${k}=${v}`))]
  return `\`\`\`\`\`${words.join(' ')}\n${short.endsWith('\n') ? short : `${short}\n`}\`\`\`\`\`\n`
}

const fieldsOf = (blocks: readonly Block[]): string[] => [
  ...new Set(
    blocks.flatMap((b) =>
      b.kind === 'events' ? [...b.source.text.matchAll(/"([#@\w.]+)"\s*:/g)].map((m) => m[1] as string) : [],
    ),
  ),
]

/** Lint, fix, layout, and the rows on both sides, of every query of the page. */
export async function tryPage(text: string, executors: readonly Executor[]): Promise<Outcome> {
  const counts: Count[] = []
  const faults: Fault[] = []
  const file = parseCaseFile({ name: 'mutant.md', text })
  for (const c of file.cases) {
    const open = await guarded('reading the case', faults, () => openCase(file, c, () => undefined))
    for (const block of open ? queryBlocks(open) : []) {
      await guarded('lint', faults, () => tryText(block.source, block.kind, faults))
      if (open) await tryQuery(open, block, executors, counts, faults)
    }
  }
  return { counts, faults }
}

/** The checks that need no events. */
function tryText(source: Source, language: string, faults: Fault[]): void {
  renderDiagnostics(lint(source, language).diagnostics, { colour: false })
  fixed(source, language)
  const format = languageNamed(language)?.format
  const layout = format?.(source)
  if (layout === undefined) return
  const again = format?.({ name: 'layout', text: layout })
  if (again !== layout) faults.push({ kind: 'promise', text: `the layout changes again:\n${layout}\n---\n${again}` })
  const [before, after] = [source.text, layout].map((text) => meaningOf(text, language))
  if (before !== after)
    faults.push({ kind: 'promise', text: `the layout changes the meaning:\n${before}\n---\n${after}` })
}

function meaningOf(text: string, language: string): string {
  const { plan, diagnostics } = compile({ name: 'query', text }, language)
  return plan ? printPlan(plan) : diagnostics.map((d) => d.code).join(' ')
}

async function tryQuery(
  open: OpenCase,
  block: Block,
  executors: readonly Executor[],
  counts: Count[],
  faults: Fault[],
): Promise<void> {
  const prepared = await guarded('compile', faults, () =>
    prepareQuery(open, block, block.source.text, compileAndOptimise),
  )
  if (!prepared?.plan) return
  const { plan, env, compiled } = prepared
  counts.push('parsed')
  const tables = new Map<SourceNode, Row[]>()
  const rows = (source: SourceNode): Row[] => {
    const known = tables.get(source) ?? prepared.rows(source)
    tables.set(source, known)
    return known
  }
  let wanted: Awaited<ReturnType<Executor['run']>>
  try {
    wanted = await evaluator.run(plan, rows, env)
  } catch (e) {
    // The one error that the evaluator may end with: a text beyond V8's longest string.
    if (!isLimit(e)) faults.push({ kind: 'throw', text: `evaluator: ${(e as Error).stack}` })
    return
  }
  counts.push('ran')
  let differs = false
  for (const executor of executors) {
    try {
      const got = await executor.run(plan, rows, env)
      const detail = difference(wanted, got, false)
      if (detail.length === 0) continue
      differs = true
      faults.push({
        kind: 'difference',
        text: `${executor.name}:\n${detail.slice(0, 12).join('\n')}\n${got.sql ?? ''}`,
      })
    } catch (e) {
      faults.push({ kind: 'throw', text: `${executor.name}: ${(e as Error).stack ?? String(e)}` })
    }
  }
  if (differs || passesFilters(compiled.plan ?? plan, rows, env)) counts.push('counted')
}

const isLimit = (e: unknown): boolean =>
  e instanceof RangeError && /Invalid string length|Invalid count value/.test(e.message)

/** Some event passes the last filter. Where nothing filters: there is an event. */
function passesFilters(plan: Plan, rows: (source: SourceNode) => Row[], env: Env): boolean {
  const last = stepCounts(plan, rows, env).findLast((s) => s.stage.kind === 'filter')
  return last ? last.rowsOut > 0 : planSources(plan).some((s) => rows(s).length > 0)
}
