// Bytes of every reader: nothing is thrown, every line is accounted for, and parts of a file give what the whole gives.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import type { LogFormat } from '../../core/logs/format.ts'
import { formats } from '../../core/logs/registry.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { addFileStats, type FileStats, newFileStats } from '../../engine/inputs/file-stats.ts'
import type { Recognised } from '../../engine/inputs/input.ts'
import { probe } from '../../engine/inputs/probe.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { yearsOf } from '../../engine/inputs/years.ts'
import { listPages } from '../../engine/project/list-files.ts'
import type { ScanJob, ScanTask } from '../../engine/scan/scan-protocol.ts'
import { Scanner } from '../../engine/scan/scanner.ts'
import { mutateBytes } from './mutate.ts'
import { type Count, type Fault, guarded, type Outcome, unlike } from './oracle.ts'
import type { Random } from './random.ts'

const CORPUS = 'tests/fuzz/corpus'
/** Of a recorded example the head is enough. Bytes. */
const HEAD = 8000

/** Telemetry of the pages, heads of the examples, and a file for each form that neither has. */
export function readerCorpus(): readonly Buffer[] {
  const pages = listPages(['conformance', 'core/lint/rules', 'detections']).pages.map(parseCaseFile)
  const blocks = pages.flatMap((p) => [...p.shared, ...p.cases.flatMap((c) => c.blocks)])
  const written = blocks.filter((b) => b.kind === 'events' || b.kind === 'raw').map((b) => Buffer.from(b.source.text))
  const recorded = readdirSync('examples', { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.gz'))
    .map((f) => gunzipSync(readFileSync(join('examples', f))))
  const own = readdirSync(CORPUS).map((f) => readFileSync(join(CORPUS, f)))
  return [...written, ...recorded, ...own].map((b) => b.subarray(0, HEAD)).filter((b) => b.length > 0)
}

/** Some formats, for one mutant: over many mutants each reader gets bytes that are not its own. */
export const someFormats = (random: Random): readonly LogFormat[] => [random.pick(formats), random.pick(formats)]

/** Bytes of a file: a mutant, perhaps packed, in another charset, or damaged after it was packed. */
export function mutatedFile(corpus: readonly Buffer[], random: Random): Buffer {
  const bytes = random.chance(0.05) ? random.pick(corpus) : mutateBytes(random.pick(corpus), corpus, random)
  if (random.chance(0.85)) return bytes
  if (random.chance(0.3)) return Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le')
  const packed = gzipSync(bytes)
  return random.chance(0.5) ? packed : mutateBytes(packed, [packed], random)
}

/** `path`: a file that may be overwritten. `also`: formats that read the file although they do not recognise it. */
export async function tryBytes(bytes: Buffer, path: string, also: readonly LogFormat[] = formats): Promise<Outcome> {
  const counts: Count[] = []
  const faults: Fault[] = []
  writeFileSync(path, bytes)
  const input = { name: 'mutant.log', path, size: statSync(path).size, tags: {} }
  const probed = probe(input)
  if (!probed.ok) return { counts, faults }
  counts.push('parsed')
  const recognised = await guarded('recognise', faults, () => recogniseInputs([input]))
  const own = recognised?.files[0]
  if (own) counts.push('ran')
  const others = also.map((f): Recognised => ({ ...probed.value, format: f.name, why: '', others: [] }))
  const first = own && { ...own, years: yearsOf(own, { zone: 'UTC' }) }
  for (const file of first ? [first, ...others] : others) {
    const events = await guarded(file.format, faults, () => readTwice(file, bytes, faults))
    if (file === first && events !== undefined && events > 0) counts.push('counted')
  }
  return { counts, faults }
}

const SOURCE: SourceNode = {
  kind: 'source',
  name: 'events',
  columns: [
    { id: 'time', ty: 'time', from: { kind: 'meta', name: 'time' } },
    { id: 'raw', ty: 'str', from: { kind: 'meta', name: 'raw' } },
    { id: 'a', ty: 'str', from: { kind: 'field', name: 'event_simpleName' } },
    { id: 'port', ty: 'str', from: { kind: 'field', name: 'network:dest_port' } },
    { id: 'list', ty: 'list', from: { kind: 'array', name: 'a' } },
  ],
  rest: true,
  interval: 'all',
  where: { kind: 'true' },
  unparsed: true,
}

const UNITS_BY_LINE = new Set(['line', 'lines-after-header'])

/** Events of the file. */
async function readTwice(file: Recognised, bytes: Buffer, faults: Fault[]): Promise<number> {
  const whole = await read(file, [{ start: 0, end: file.size }], true)
  const { stats } = whole
  const broken = (text: string): void => void faults.push({ kind: 'promise', text: `${file.format}: ${text}` })
  const lost = stats.lines - stats.events - stats.bad - stats.blank
  if (lost !== 0) broken(`${lost} of ${stats.lines} lines are neither events, bad nor blank`)
  const format = formats.find((f) => f.name === file.format)
  const isPlain = !file.gzip && file.charset === 'utf-8' && !file.counted
  if (isPlain && format && UNITS_BY_LINE.has(format.unit)) {
    const lines = linesOf(bytes.subarray(file.bom))
    // A record that the end of the file cuts off may count in place of a blank line.
    if (stats.lines !== lines) broken(`${stats.lines} lines of ${lines}`)
    if (stats.bytes !== bytes.length - file.bom) broken(`${stats.bytes} bytes of ${bytes.length - file.bom}`)
  }
  if (!isPlain || format?.unit !== 'line' || format.sequential) return stats.events
  const cuts = [0, Math.floor(file.size / 3), Math.floor(file.size / 2), file.size]
  const parts = await read(
    file,
    cuts.slice(1).map((end, i) => ({ start: cuts[i] as number, end })),
    false,
  )
  const counted = ({ lines, events, bad, blank, first, last }: FileStats) => [lines, events, bad, blank, first, last]
  const other = unlike(counted(stats), counted(parts.stats)) ?? unlike(whole.rows, parts.rows)
  if (other !== undefined) broken(`parts give other rows than the whole:\n  ${other}`)
  return stats.events
}

function linesOf(bytes: Buffer): number {
  let lines = 0
  for (const b of bytes) if (b === 10) lines++
  return lines + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0)
}

/** The rows of the sources. Without a survey, lines may be read by the kernel. */
export async function read(
  file: Recognised,
  parts: readonly { start: number; end: number }[],
  whole: boolean,
  {
    source = SOURCE,
    survey = true,
    full = true,
  }: Partial<Pick<ScanJob, 'full' | 'survey'>> & { source?: SourceNode } = {},
): Promise<{ stats: FileStats; rows: Tuple[] }> {
  const job: ScanJob = {
    files: [file],
    sources: [source],
    profiles: [],
    survey,
    full,
    env: NO_ENV,
    bounds: null,
    context: { zone: 'UTC', year: 2026, maxLine: 1 << 20 },
    spool: '',
    shared: new SharedArrayBuffer(64),
  }
  const rows: Tuple[] = []
  const scanner = new Scanner(job, 'fuzz', (_, of) => {
    for (const row of of[0] ?? []) rows.push(row)
  })
  const stats = newFileStats()
  for (const [id, part] of parts.entries()) {
    const task: ScanTask = { id, file: 0, ...part, whole }
    addFileStats(stats, (await scanner.run(task)).stats)
  }
  return { stats, rows }
}
