// `assay store`: telemetry as Parquet parts. A content is in the store once, and a part is in it whole or not at all.
import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import xxhash from 'xxhash-wasm'
import { alreadyStored, nothingKept } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import { fileDiagnostics } from '../execute/file-diagnostics.ts'
import { RunSession } from '../execute/run-session.ts'
import type { FileStats } from '../inputs/file-stats.ts'
import { formatOf } from '../inputs/format-of.ts'
import type { Recognised } from '../inputs/input.ts'
import { hasErrors, openTelemetry, type TelemetryOptions } from '../query/prepare-query.ts'
import { type Manifest, type StoredContent, type StoredPart, writeManifest } from '../tables/store-manifest.ts'
import type { StorePart } from '../scan/store-consumer.ts'
import { storeError } from './store-error.ts'
import { lockStore, sweepIfPossible } from './store-lock.ts'
import { loadsOf, type PartGroup, partWriter } from './write-parts.ts'

export interface StoreOptions extends TelemetryOptions {
  readonly folder: string
  readonly raw: boolean
  readonly onProgress?: (phase: 'query' | 'scan' | 'span', done: number, total: number) => void
}

export interface Stored {
  /** False: the store is as it was before; the diagnostics say why. */
  readonly ok: boolean
  readonly events: number
  readonly bytes: number
  readonly parts: readonly StoredPart[]
  readonly manifest: Manifest | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const FAILED = { ok: false, events: 0, bytes: 0, parts: [], manifest: undefined } as const

/** Bytes of logs that are written at once: their events lie in a private folder meanwhile. */
const ROUND = 4 << 30

/** Never throws on files or data. */
export async function storeLogs(o: StoreOptions): Promise<Stored> {
  const telemetry = await openTelemetry(o, { asMessages: true, scans: true })
  const before = [...telemetry.time.diagnostics, ...telemetry.diagnostics]
  if (hasErrors(before)) return { ...FAILED, diagnostics: before }
  const folder = resolve(o.folder)
  const locked = lockStore(folder)
  if (!locked.ok) return { ...FAILED, diagnostics: [...before, ...locked.diagnostics] }
  const { manifest, release } = locked.value
  const session = new RunSession(o)
  const diagnostics: Diagnostic[] = [...before]
  let list = manifest
  const parts: StoredPart[] = []
  let [events, bytes] = [0, 0]
  try {
    const fresh = await freshContents(telemetry.files, manifest, diagnostics)
    for (const round of rounds(fresh)) {
      const done = await storeRound(round, { folder, list, options: o, session, zone: telemetry.time.sourceZone })
      list = { ...list, parts: [...list.parts, ...done.parts], contents: [...list.contents, ...done.contents] }
      writeManifest(folder, list)
      parts.push(...done.parts)
      events += done.contents.reduce((n, c) => n + c.events, 0)
      bytes += done.contents.reduce((n, c) => n + c.bytes, 0)
      diagnostics.push(...done.diagnostics)
    }
    if (fresh.length === 0 && manifest.contents.length === 0) writeManifest(folder, list)
    return { ok: true, events, bytes, parts, manifest: list, diagnostics }
  } catch (e) {
    sweepIfPossible(folder, list)
    return { ...FAILED, manifest: list, diagnostics: [...diagnostics, storeError(o.folder, e)] }
  } finally {
    await session.close()
    release()
  }
}

interface Fresh {
  readonly file: Recognised
  readonly hash: string
}

async function hashOf(path: string): Promise<string> {
  const { create64 } = await xxhash()
  const hash = create64()
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer)
  return hash.digest().toString(16).padStart(16, '0')
}

/** Files whose content the store does not have. */
async function freshContents(
  files: readonly Recognised[],
  { contents }: Manifest,
  say: Diagnostic[],
): Promise<Fresh[]> {
  const known = new Map(contents.map((c) => [`${c.hash} ${c.bytes}`, c.name]))
  const fresh: Fresh[] = []
  for (const file of files) {
    const hash = await hashOf(file.path)
    const key = `${hash} ${file.size}`
    const as = known.get(key)
    if (as !== undefined) say.push(diagnostic(alreadyStored, inLog(file.name), { name: file.name, as }))
    else fresh.push({ file, hash })
    known.set(key, as ?? file.name)
  }
  return fresh
}

function* rounds(fresh: readonly Fresh[]): Iterable<readonly Fresh[]> {
  let round: Fresh[] = []
  let size = 0
  for (const f of fresh) {
    if (round.length > 0 && size + f.file.size > ROUND) {
      yield round
      round = []
      size = 0
    }
    round.push(f)
    size += f.file.size
  }
  if (round.length > 0) yield round
}

interface Round {
  readonly folder: string
  readonly list: Manifest
  readonly options: StoreOptions
  readonly session: RunSession
  readonly zone: string
}

async function storeRound(
  fresh: readonly Fresh[],
  { folder, list, options, session, zone }: Round,
): Promise<{ parts: StoredPart[]; contents: StoredContent[]; diagnostics: readonly Diagnostic[] }> {
  const { raw, onProgress, year = 1970, memoryLimit = '1GB' } = options
  const files = fresh.map((f) => f.file)
  const groups = new Map<string, PartGroup>()
  for (const { format, tags } of files) groups.set(JSON.stringify([format, tags]), { format, tags })
  const keys = [...groups.keys()]
  const next = 1 + Math.max(-1, ...list.contents.map((c) => c.number))
  const spool = join(session.spool, 'store')
  mkdirSync(spool, { recursive: true })
  const store = {
    folder: spool,
    raw,
    files: files.map(({ format, tags }, i) => ({
      group: keys.indexOf(JSON.stringify([format, tags])),
      number: next + i,
    })),
  }
  const context = { zone, year: Number(year), maxLine: 16 << 20 }
  const scanned = await session.scan(
    { files, sources: [], profiles: [], survey: false, full: true, env: NO_ENV, bounds: null, context, store },
    { memoryValues: 0, onProgress: onProgress && ((done, total) => onProgress('scan', done, total)) },
  )
  onProgress?.('query', 0, 1)
  const writer = partWriter(folder, spool, memoryLimit, session.supervision)
  const parts: StoredPart[] = []
  try {
    for (const load of loadsOf(scanned.store, [...groups.values()], raw)) parts.push(await writer.write(load))
  } finally {
    await writer.end()
    rmSync(spool, { recursive: true, force: true })
  }
  const contents = fresh.map(({ file, hash }, i): StoredContent => {
    const { events, bad } = scanned.stats[i] as FileStats
    return {
      hash,
      bytes: file.size,
      name: file.name,
      number: next + i,
      format: formatOf(file)?.name ?? file.format,
      events,
      bad,
    }
  })
  const lost = raw ? [] : files.flatMap((file, i) => lostOf(file, i, scanned.store))
  return { parts, contents, diagnostics: [...fileDiagnostics(files, scanned.stats), ...lost] }
}

function lostOf(file: Recognised, at: number, parts: readonly StorePart[]): Diagnostic[] {
  const events = parts.reduce((n, p) => n + (p.bare.get(at) ?? 0), 0)
  if (events === 0) return []
  const format = formatOf(file)?.name ?? file.format
  return [diagnostic(nothingKept, inLog(file.name), { name: file.name, events, format })]
}
