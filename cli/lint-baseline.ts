// The diagnostics that a project has accepted, by their fingerprints. Only others are reported.
import { baselineBroken } from '../core/diag/catalogue/lint.ts'
import { type Diagnostic, diagnostic, inLog } from '../core/diag/diagnostic.ts'
import { findings } from '../core/diag/output/finding.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { readBaseline } from '../engine/project/lint-baseline.ts'
import { plural } from './words.ts'

interface HasDiagnostics {
  readonly diagnostics: readonly Diagnostic[]
}

interface NewSince<T> {
  readonly left: readonly T[]
  readonly diagnostics: readonly Diagnostic[]
  /** One line for the reader; empty without a baseline. */
  readonly note: string
}

export function newSince<T extends HasDiagnostics>(path: string | undefined, linted: readonly T[]): NewSince<T> {
  if (path === undefined) return { left: linted, diagnostics: [], note: '' }
  const all = findings(linted.flatMap((l) => l.diagnostics))
  const accepted = readBaseline(path)
  if (accepted === 'broken')
    return { left: linted, diagnostics: [diagnostic(baselineBroken, inLog(path), { path })], note: '' }
  if (accepted === 'missing') {
    const failed = writeWhole(
      path,
      `${JSON.stringify({ version: 1, fingerprints: all.map((f) => f.fingerprint).sort() }, null, 2)}\n`,
    )
    const left = linted.map((l) => ({ ...l, diagnostics: [] }))
    return failed
      ? { left: linted, diagnostics: [failed], note: '' }
      : { left, diagnostics: [], note: `${path} written: it accepts ${plural(all.length, 'diagnostic')}` }
  }
  const isNew = new Set(all.filter((f) => !accepted.has(f.fingerprint)).map((f) => f.diagnostic))
  const gone = accepted.size - (all.length - isNew.size)
  return {
    left: linted.map((l) => ({ ...l, diagnostics: l.diagnostics.filter((d) => isNew.has(d)) })),
    diagnostics: [],
    note: `${plural(all.length - isNew.size, 'diagnostic')} accepted by ${path}${gone > 0 ? `, which lists ${gone} more that no longer exist` : ''}`,
  }
}
