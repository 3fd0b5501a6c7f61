// A detection folder as its reader gives it, and as its checks see it.
import type { Detection } from './schema.ts'
import type { YamlFile } from '../../yaml/yaml-file.ts'
import type { CaseFile } from '../case/case-file.ts'
import type { Diagnostic } from '../../diag/diagnostic.ts'

/** Path inside the folder, parted by `/` → text. */
export type Files = ReadonlyMap<string, string>

export interface DetectionFolder {
  /** As the reader calls the folder. */
  readonly name: string
  readonly files: Files
  /** Undefined when detection.yml does not say enough to go on. */
  readonly detection: Detection | undefined
  readonly yaml: YamlFile | undefined
  /** The pages of tests/, by name. */
  readonly pages: readonly CaseFile[]
  /** In the order of the files and of their lines. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A folder as its checks see it. */
export interface Folder {
  readonly name: string
  readonly files: Files
  readonly yaml: YamlFile
  readonly pages: readonly CaseFile[]
  /** A file of the folder as the reader calls it. */
  path(file: string): string
}
