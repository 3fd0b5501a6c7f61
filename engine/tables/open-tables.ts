// Tables among the telemetry: Parquet files among the inputs, and named sources of assay.yml.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { firstBytes } from '../files/first-bytes.ts'
import { listInputs, splitSpec } from '../inputs/files.ts'
import type { Input, Recognised } from '../inputs/input.ts'
import type { Supervision } from '../workers/supervised-worker.ts'
import type { SourceSetting } from './choose-mapping.ts'
import { isStore } from './store-place.ts'

export type SourceSettings = Readonly<Record<string, SourceSetting>>

export interface FoundTables {
  /** The inputs that are no tables. */
  readonly inputs: readonly Input[]
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A name of a source stands for its table. */
export const withoutNames = (logs: readonly string[], sources: SourceSettings): readonly string[] =>
  logs.map((spec) => (Object.hasOwn(sources, spec) ? (sources[spec] as SourceSetting).table : spec))

export interface FoundStores {
  /** The names of logs that are no stores. */
  readonly logs: readonly string[]
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Tables of servers among the logs. Never throws on servers. */
export async function openServers(
  logs: readonly string[],
  sources: SourceSettings,
  supervision: Supervision,
): Promise<FoundStores> {
  const isServer = (spec: string): boolean => /^clickhouses?:\/\//.test(spec)
  if (!logs.some(isServer)) return { logs, files: [], diagnostics: [] }
  const { openClickhouse } = await import('./open-clickhouse.ts')
  const opened = await Promise.all(
    logs.filter(isServer).map((spec) => {
      const setting = Object.values(sources).find((s) => s.table === spec)
      return openClickhouse(spec, {}, setting, supervision)
    }),
  )
  return {
    logs: logs.filter((spec) => !isServer(spec)),
    files: opened.flatMap((s) => s.files),
    diagnostics: opened.flatMap((s) => s.diagnostics),
  }
}

/** Never throws on files. */
export async function openStores(logs: readonly string[]): Promise<FoundStores> {
  const stores = logs.map(splitSpec).filter(({ path }) => isStore(path))
  if (stores.length === 0) return { logs, files: [], diagnostics: [] }
  const { openStore } = await import('./open-store.ts')
  const opened = stores.map(({ path, tags }) => openStore(path, tags))
  return {
    logs: logs.filter((spec) => !isStore(splitSpec(spec).path)),
    files: opened.flatMap((s) => s.files),
    diagnostics: opened.flatMap((s) => s.diagnostics),
  }
}

/** Never throws on files. */
export async function openTables(
  inputs: readonly Input[],
  sources: SourceSettings,
  memoryLimit: string,
  supervision: Supervision,
): Promise<FoundTables> {
  const parquet = inputs.filter((i) => isParquet(i.path))
  if (parquet.length === 0) return { inputs, files: [], diagnostics: [] }
  const { absolute, groupsOf, openParquet } = await import('./open-parquet.ts')
  const settings = await settingsByPath(sources, absolute)
  const groups = groupsOf(parquet, (i) => settings.get(absolute(i.path)))
  const opened = await openParquet(groups, memoryLimit, supervision)
  return { inputs: inputs.filter((i) => !parquet.includes(i)), ...opened }
}

async function settingsByPath(
  sources: SourceSettings,
  absolute: (path: string) => string,
): Promise<ReadonlyMap<string, SourceSetting>> {
  const found = new Map<string, SourceSetting>()
  for (const setting of Object.values(sources)) {
    if (setting.table.includes('://')) continue
    for (const input of (await listInputs([setting.table])).inputs) found.set(absolute(input.path), setting)
  }
  return found
}

/** By its first bytes: one that was cut off has no end. */
const isParquet = (path: string): boolean => firstBytes(path, 4)?.toString('latin1') === 'PAR1'
