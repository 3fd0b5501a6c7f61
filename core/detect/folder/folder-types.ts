// A detection folder: the types that its reader returns and its checks get.
import type { Detection } from './schema.ts'
import type { YamlFile } from '../../yaml/yaml-file.ts'
import type { CaseFile } from '../case/case-file.ts'
import type { Diagnostic } from '../../diag/diagnostic.ts'

/** Path inside the folder, with `/` → text. */
export type Files = ReadonlyMap<string, string>

export interface DetectionFolder {
  /** The folder's name or path, for diagnostics. */
  readonly name: string
  readonly files: Files
  /** Undefined if detection.yml is too incomplete to check further. */
  readonly detection: Detection | undefined
  readonly yaml: YamlFile | undefined
  /** The pages of tests/, by name. */
  readonly pages: readonly CaseFile[]
  /** In order of file and line. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A folder, for its checks. */
export interface Folder {
  readonly name: string
  readonly files: Files
  readonly yaml: YamlFile
  readonly pages: readonly CaseFile[]
  /** The path of a file, for diagnostics. */
  path(file: string): string
}
