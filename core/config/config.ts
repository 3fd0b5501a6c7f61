// assay.yml, defined once: the type, the check and docs/reference/config.schema.json come from the sections.
import * as z from 'zod'
import { configKey, configValue, configYaml } from '../diag/catalogue/config.ts'
import type { Diagnostic } from '../diag/diagnostic.ts'
import type { Source } from '../text/source.ts'
import { checkSchema } from '../yaml/check-schema.ts'
import { readYaml, type YamlFile } from '../yaml/yaml-file.ts'
import { CONFIG_FILE } from './config-file.ts'
import type { Section } from './section.ts'
import { modules } from './sections/_index.ts'

export { CONFIG_FILE }

type ValueOf<T> = T extends unknown ? T[keyof T] : never
type AnySection = ValueOf<(typeof modules)[number]>
const sections: readonly AnySection[] = modules.flatMap((m): AnySection[] => Object.values<AnySection>({ ...m }))

/** A project's settings. A key that is left out says nothing. */
export type Config = { readonly [S in AnySection as S['key']]?: z.infer<S['schema']> }

export interface ConfigFile {
  readonly yaml: YamlFile
  /** Undefined if there is any diagnostic. */
  readonly config: Config | undefined
  /** Other files whose settings hold where this one says nothing, the nearest first. */
  readonly extends: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Sections whose values are folders. */
export const folderKeys = sections
  .filter((s: Section) => s.folders)
  .map((s) => s.key as Extract<AnySection, Section<string, z.ZodArray>>['key'])

type Settings = Config & { readonly extends?: string | readonly string[] }

const name = z.string().min(1)
const schema = z
  .strictObject({
    extends: z
      .union([name, z.array(name)])
      .optional()
      .describe('Files whose settings hold where this one says nothing, relative to this file.'),
    ...Object.fromEntries(sections.map((s) => [s.key, s.schema.optional()])),
  })
  .describe('Settings of a project. Each is the default of an option on the command line.')

/** The JSON Schema (2020-12) of assay.yml, as an editor takes it. */
export const configJsonSchema = (): Record<string, unknown> => ({
  title: CONFIG_FILE,
  ...(z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>),
})

export function readConfig(source: Source): ConfigFile {
  const yaml = readYaml(source, configYaml)
  // An empty file says nothing.
  const checked =
    yaml.diagnostics.length > 0 || yaml.value === null
      ? { data: {}, diagnostics: yaml.diagnostics }
      : checkSchema<Settings>(yaml, schema as z.ZodType as z.ZodType<Settings>, {
          unknownKey: configKey,
          wrongValue: configValue,
        })
  const { extends: others = [], ...config } = checked.data ?? {}
  return {
    yaml,
    config: checked.diagnostics.length > 0 ? undefined : config,
    extends: typeof others === 'string' ? [others] : others,
    diagnostics: checked.diagnostics,
  }
}

/** The nearer value wins; lists are joined, the nearer first; of a mapping each key. */
export function mergeConfig(near: Config, far: Config): Config {
  const merged: Record<string, unknown> = { ...far }
  for (const [key, value] of Object.entries(near)) merged[key] = mergeSetting(value, merged[key])
  return merged as Config
}

function mergeSetting(near: unknown, far: unknown): unknown {
  if (Array.isArray(near) && Array.isArray(far)) return [...new Set([...near, ...far])]
  const isMapping = (v: unknown): v is object => typeof v === 'object' && v !== null && !Array.isArray(v)
  return isMapping(near) && isMapping(far) ? { ...far, ...near } : near
}
