// `assay store --info`
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { notStore } from '../../core/diag/catalogue/table.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { type Manifest, readManifest } from '../tables/store-manifest.ts'
import { isStore } from '../tables/store-place.ts'

export interface StoreSummary {
  readonly folder: string
  readonly events: number
  readonly parts: number
  /** Of the parts. */
  readonly bytes: number
  readonly fields: number
  /** Microseconds; null: no event has a time. */
  readonly first: bigint | null
  readonly last: bigint | null
  readonly raw: 'all' | 'none' | 'some'
  readonly formats: readonly { readonly format: string; readonly events: number }[]
}

export interface StoreInfo {
  readonly ok: boolean
  readonly manifest: Manifest | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export function storeInfo(folder: string): StoreInfo {
  if (!isStore(folder))
    return { ok: false, manifest: undefined, diagnostics: [diagnostic(notStore, inLog(folder), { path: folder })] }
  const read = readManifest(folder)
  return read.ok
    ? { ok: true, manifest: read.value, diagnostics: [] }
    : { ok: false, manifest: undefined, diagnostics: read.diagnostics }
}

export function summaryOf(folder: string, { parts }: Manifest): StoreSummary {
  const times = parts.flatMap((p) => [p.first, p.last].flatMap((t) => (t === null ? [] : [BigInt(t)])))
  const formats = new Map<string, number>()
  for (const p of parts) formats.set(p.format, (formats.get(p.format) ?? 0) + p.rows)
  const kept = parts.filter((p) => p.raw).length
  return {
    folder,
    events: parts.reduce((n, p) => n + p.rows, 0),
    parts: parts.length,
    bytes: parts.reduce((n, p) => n + p.bytes, 0),
    fields: new Set(parts.flatMap((p) => p.names)).size,
    first: times.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null),
    last: times.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null),
    raw: kept === 0 ? 'none' : kept === parts.length ? 'all' : 'some',
    formats: [...formats].map(([format, events]) => ({ format, events })),
  }
}
