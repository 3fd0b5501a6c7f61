// assay.yml of a project: found upwards from the working folder, with the files that it extends.
import { realpathSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import {
  CONFIG_FILE,
  type Config,
  type ConfigFile,
  folderKeys,
  mergeConfig,
  readConfig,
} from '../../core/config/config.ts'
import { configCircle } from '../../core/diag/catalogue/config.ts'
import { namedOutside } from '../../core/diag/catalogue/named-file.ts'
import { type Diagnostic, diagnostic, inText } from '../../core/diag/diagnostic.ts'
import { folderInside, pathInside, type Reach, readInside } from '../files/open-inside.ts'
import { fixedPart, splitSpec } from '../inputs/files.ts'
import { above, findConfig } from './find-config.ts'

export interface ProjectConfig {
  /** Without settings when there is no file, or something is wrong with one. Folders are paths from the working folder. */
  readonly config: Config
  readonly diagnostics: readonly Diagnostic[]
}

/** The nearest assay.yml at or above a folder, and its project: the repository that it lies in, or else its own folder. */
export function loadConfig(cwd = '.'): ProjectConfig {
  const home = findConfig(cwd)
  if (home === undefined) return { config: {}, diagnostics: [] }
  const project = above(home, '.git') ?? home
  const read = readExtending({ from: home, roots: [project] }, CONFIG_FILE, [], new Set())
  return read.diagnostics.length > 0 ? { config: {}, diagnostics: read.diagnostics } : read
}

/** `seen`: files that have their say already, so that files which extend one another in many ways are read once each. */
function readExtending(reach: Reach, name: string, before: readonly string[], seen: Set<string>): ProjectConfig {
  const text = readInside(reach, name)
  if (!text.ok) return { config: {}, diagnostics: text.diagnostics }
  const path = realpathSync(resolve(reach.from, name))
  if (seen.has(path) && !before.includes(path)) return { config: {}, diagnostics: [] }
  seen.add(path)
  const file = readConfig({ name: relative('.', path) || basename(path), text: text.value })
  if (!file.config) return { config: {}, diagnostics: file.diagnostics }
  const inHere = { ...reach, from: dirname(path) }
  const own = withFolders(file, file.config, inHere)
  if (before.includes(path)) {
    const files = [...before, path].map((f) => relative('.', f))
    return { config: {}, diagnostics: [diagnostic(configCircle, keyPlace(file, ['extends']), { files })] }
  }
  const further = file.extends.map((other) => {
    const read = readExtending(inHere, other, [...before, path], seen)
    // The place of a file that cannot be opened is where it is named.
    const diagnostics = read.diagnostics.map((d) =>
      d.at.kind === 'text' ? d : { ...d, at: keyPlace(file, ['extends']) },
    )
    return { ...read, diagnostics }
  })
  return {
    config: [own, ...further].map((f) => f.config).reduce(mergeConfig),
    diagnostics: [own, ...further].flatMap((f) => f.diagnostics),
  }
}

const keyPlace = ({ yaml }: ConfigFile, path: readonly (string | number)[]) => inText(yaml.source, yaml.valueAt(path))

/** Folders as paths from the working folder; each must lie inside the project. */
function withFolders(file: ConfigFile, config: Config, reach: Reach): ProjectConfig {
  const diagnostics: Diagnostic[] = []
  const folders = folderKeys.flatMap((key) => {
    const names = config[key]
    if (names === undefined) return []
    const paths = names.flatMap((name, i) => {
      const path = folderInside(reach, name)
      if (path.ok) return [relative('.', path.value) || '.']
      diagnostics.push(...path.diagnostics.map((d) => ({ ...d, at: keyPlace(file, [key, i]) })))
      return []
    })
    return [[key, paths] as const]
  })
  const parser = config.parser === undefined ? undefined : readInside(reach, config.parser)
  if (parser && !parser.ok)
    diagnostics.push(...parser.diagnostics.map((d) => ({ ...d, at: keyPlace(file, ['parser']) })))
  const tables = Object.entries(config.sources ?? {}).map(([name, source]) => {
    if (source.table.includes('://')) return [name, { ...source, isOutside: true }] as const
    const table = relative('.', resolve(reach.from, source.table)) || '.'
    const place = fixedPart(splitSpec(table).path).split(sep).join('/')
    const inside = pathInside({ ...reach, from: '.' }, place)
    const isOutside = !inside.ok && inside.diagnostics.some((d) => d.code === namedOutside.id)
    return [name, { ...source, table, isOutside }] as const
  })
  const sources = config.sources === undefined ? {} : { sources: Object.fromEntries(tables) }
  const path = config.parser === undefined ? {} : { parser: relative('.', resolve(reach.from, config.parser)) }
  return { config: { ...config, ...Object.fromEntries(folders), ...path, ...sources }, diagnostics }
}
