// All facts about one detection that the published site shows. The engine collects them.
import type { Diagnostic } from '../../diag/diagnostic.ts'
import type { CaseFile } from '../case/case-file.ts'
import type { LastRun } from './evidence.ts'
import type { Proof } from '../mutation/proof.ts'
import type { DetectionFolder } from './folder-types.ts'

/** The last run of a case. */
export interface Run extends LastRun {
  readonly reason?: string
  readonly failures: readonly { readonly line: number; readonly what: string; readonly detail: readonly string[] }[]
}

/** A page outside of the folder that runs its queries and others on the same telemetry. */
export interface Comparison {
  readonly page: CaseFile
  readonly results: readonly Run[]
  /** A file that the page names → its path in the detection's folder. */
  readonly ours: ReadonlyMap<string, string>
}

export interface CatalogueEntry {
  readonly folder: DetectionFolder
  /** Cases of tests/, investigation and hunts. */
  readonly results: readonly Run[]
  /** Undefined: not measured. */
  readonly proof: Proof | undefined
  /** File of a query → diagnostics of the linter. */
  readonly lints: ReadonlyMap<string, readonly Diagnostic[]>
  readonly compared: readonly Comparison[]
}
