// Tables among the telemetry: Parquet files among the inputs, and named sources of assay.yml.
import { clickUnknownHost } from '../../core/diag/catalogue/clickhouse.ts'
import { tableOutside } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { firstBytes } from '../files/first-bytes.ts'
import { listInputs, splitSpec } from '../inputs/files.ts'
import type { Input, Recognised } from '../inputs/input.ts'
import type { Supervision } from '../workers/supervised-worker.ts'
import { mayKnowPassword, readAddress } from './address.ts'
import type { SourceSetting } from './choose-mapping.ts'
import { isStore } from './store-place.ts'

export type SourceSettings = Readonly<Record<string, SourceSetting>>

export interface FoundTables {
  /** The inputs that are no tables. */
  readonly inputs: readonly Input[]
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface NamedLogs {
  readonly logs: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A name of a source stands for its table, unless the author of assay.yml would reach what the one who runs Assay did not name. */
export function withoutNames(specs: readonly string[], sources: SourceSettings): NamedLogs {
  const diagnostics: Diagnostic[] = []
  const logs = specs.flatMap((spec) => {
    if (!Object.hasOwn(sources, spec)) return [spec]
    const { table, isOutside = false } = sources[spec] as SourceSetting
    const refused = isOutside ? refusal(spec, table) : undefined
    if (refused) diagnostics.push(refused)
    return refused ? [] : [table]
  })
  return { logs, diagnostics }
}

function refusal(name: string, table: string): Diagnostic | undefined {
  if (!table.includes('://')) return diagnostic(tableOutside, inLog(table), { name, table })
  const address = readAddress(table)
  if (!address.ok || mayKnowPassword(address.value)) return undefined
  return diagnostic(clickUnknownHost, inLog(table), { name, table, host: new URL(address.value.url).host })
}

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
