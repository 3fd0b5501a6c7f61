// Two ways to one answer: lines read by the kernel and by the reader; filters tried by the index of a hunt and one by one.
import { statSync, writeFileSync } from 'node:fs'
import { type EventMeta, columnReader } from '../../core/eval/bind.ts'
import { compilePred } from '../../core/eval/compile.ts'
import { GramCounts } from '../../core/hunt/grams.ts'
import { Matcher } from '../../core/hunt/matcher.ts'
import { type Filter, indexFilters, type RuleIndex } from '../../core/hunt/rule-index.ts'
import { formats } from '../../core/logs/registry.ts'
import { col, NO_ENV, test, text } from '../../core/plan/build.ts'
import type { SourceColumn, SourceNode } from '../../core/plan/plan.ts'
import { planSources } from '../../core/plan/sources.ts'
import { compile, optimised } from '../../core/workbench/compile.ts'
import type { FileStats } from '../../engine/inputs/file-stats.ts'
import type { Recognised } from '../../engine/inputs/input.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { yearsOf } from '../../engine/inputs/years.ts'
import { type Count, type Fault, guarded, type Outcome, unlike } from './oracle.ts'
import { queryCorpus } from './queries.ts'
import { read } from './readers.ts'

interface Hunted {
  readonly sources: readonly SourceNode[]
  readonly index: RuleIndex
  readonly filters: readonly Filter[]
}
let hunted: Hunted | undefined

/** The filters of all queries of the pages that read no arrays. The first call takes seconds. */
export function hunt(): Hunted {
  if (hunted) return hunted
  const isPlain = ({ from }: SourceColumn): boolean => from.kind === 'field' || from.kind === 'meta'
  const sources = [...queryCorpus().texts].flatMap(([language, all]) =>
    all.flatMap((query) => {
      const { plan } = compile({ name: 'rule', text: query }, language)
      const own = plan ? planSources(optimised(plan)) : []
      return own.filter((s) => s.where.kind !== 'true' && s.columns.every(isPlain))
    }),
  )
  const kinds = new Set(['EventID', 'Channel', 'event_simpleName', '#event_simpleName'])
  hunted = { sources, ...indexFilters(sources, kinds, new GramCounts(), 1) }
  return hunted
}

/** `path`: a file that may be overwritten. */
export async function tryScans(bytes: Buffer, path: string): Promise<Outcome> {
  const counts: Count[] = []
  const faults: Fault[] = []
  writeFileSync(path, bytes)
  const input = { name: 'mutant.log', path, size: statSync(path).size, tags: {} }
  const recognised = await guarded('recognise', faults, () => recogniseInputs([input]))
  const own = recognised?.files[0]
  if (!own) return { counts, faults }
  counts.push('parsed')
  const file = { ...own, years: yearsOf(own, { zone: 'UTC' }) }
  const format = formats.find((f) => f.name === file.format)
  if (format?.json && format.unit === 'line') {
    counts.push('ran')
    await guarded('kernel', faults, () => kernelAndReader(file, bytes, faults))
  }
  const tried = await guarded('hunt', faults, () => indexAndEach(file, bytes, faults))
  if (tried !== undefined && tried > 0) counts.push('counted')
  return { counts, faults }
}

const META: readonly SourceColumn[] = [
  { id: 'time', ty: 'time', from: { kind: 'meta', name: 'time' } },
  { id: 'raw', ty: 'str', from: { kind: 'meta', name: 'raw' } },
]
const sourceOf = (names: readonly string[], also: readonly SourceColumn[] = []): SourceNode => ({
  kind: 'source',
  name: 'events',
  columns: [
    ...META,
    ...names.map((name, i): SourceColumn => ({ id: `f${i}`, ty: 'str', from: { kind: 'field', name } })),
    ...also,
  ],
  rest: false,
  interval: 'all',
  where: { kind: 'true' },
})

/** With an array among the columns, the reader reads every line. */
const ARRAY: SourceColumn = { id: 'list', ty: 'list', from: { kind: 'array', name: 'no-such-array' } }

async function kernelAndReader(file: Recognised, bytes: Buffer, faults: Fault[]): Promise<void> {
  const found = [...bytes.toString('utf8').matchAll(/"([^"\\]{1,40})"\s*:\s*"?([^"\\,}]{0,40})/g)]
  const names = [...new Set(found.map((m) => m[1] as string))].slice(0, 6)
  const whole = [{ start: 0, end: file.size }]
  const [first] = found
  const wheres = [undefined, first && test('str.eq', [col('f0', 'str'), text(first[2] as string)])]
  for (const where of wheres) {
    const options = { survey: false, full: where === undefined }
    const of = (also: readonly SourceColumn[]): SourceNode => {
      const source = sourceOf(names, also)
      return where && names.length > 0 ? { ...source, where } : source
    }
    const byKernel = await read(file, whole, true, { ...options, source: of([]) })
    const byReader = await read(file, whole, true, { ...options, source: of([ARRAY]) })
    const counted = ({ lines, events, bad, blank }: FileStats) => [lines, events, bad, blank]
    const rows = byReader.rows.map((r) => r.slice(0, -1))
    // A line that cannot match is only checked by its shape, unless all are read.
    const other =
      unlike(byKernel.rows, rows) ??
      (options.full ? unlike(counted(byKernel.stats), counted(byReader.stats)) : undefined)
    if (other !== undefined)
      faults.push({ kind: 'difference', text: `the kernel and the reader of ${file.format}: ${other}` })
  }
}

/** How often a filter found an event. */
async function indexAndEach(file: Recognised, bytes: Buffer, faults: Fault[]): Promise<number> {
  const format = formats.find((f) => f.name === file.format)
  if (format?.unit !== 'line' || format.sequential) return 0
  const reader = format.reader({ zone: 'UTC', year: 2026 }, [])
  const { sources, index, filters } = hunt()
  const { aliases = {} } = format
  const matcher = new Matcher((i) => filters[i] as Filter, index, { aliases, tags: {}, env: NO_ENV })
  let hits = 0
  for (const raw of bytes.toString('utf8').split('\n').slice(0, 8)) {
    const event = reader.read(raw)
    if (!('fields' in event)) continue
    const meta: EventMeta = { file: 'f', raw, seq: 0n }
    const alone = sources.flatMap((source, i) => {
      const at = (id: string) => () => columnReader(source, id, aliases)(event, meta)
      return compilePred<null>(source.where, at, NO_ENV)(null) ? [i] : []
    })
    const together: number[] = []
    matcher.match(event, meta, { begin: () => true, end: () => {} }, (f) => together.push(f))
    const other = unlike(
      together.sort((a, b) => a - b),
      alone,
    )
    if (other !== undefined)
      faults.push({ kind: 'difference', text: `the index and each filter alone: ${other}\n${raw}` })
    hits += alone.length
  }
  return hits
}
