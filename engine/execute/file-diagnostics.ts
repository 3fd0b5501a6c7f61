// Diagnostics about the files of a run: what was cut, unreadable or odd.
import {
  badLines,
  inFuture,
  invalidText,
  noSimd,
  nulBytes,
  oddRecords,
  tooLarge,
  truncated,
  untimed,
} from '../../core/diag/catalogue/log.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { cut } from '../../core/text/cut.ts'
import { MOST_TEXT } from '../scan/read-bytes.ts'
import type { FileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'

export function fileDiagnostics(files: readonly Recognised[], stats: readonly FileStats[]): Diagnostic[] {
  return files.flatMap((f, i) => ofFile(f, stats[i] as FileStats))
}

function ofFile(file: Recognised, t: FileStats): Diagnostic[] {
  const out: Diagnostic[] = []
  const path = file.name
  const at = (line: number | null | undefined) => inLog(path, line ?? undefined)
  if (t.cut?.startsWith('too large'))
    out.push(diagnostic(tooLarge, at(null), { path, bytes: file.size, limit: MOST_TEXT, format: file.format }))
  else if (t.cut !== null) out.push(diagnostic(truncated, at(null), { path, bytes: t.bytes, reason: t.cut }))
  if (t.bad > 0) {
    const samples = t.samples.map(({ line, reason }) => ({ line, reason }))
    // A damaged part of an event log has no text but the reason.
    const textOf = (s: (typeof t.samples)[number]): string =>
      s.text === s.reason ? '' : `: ${JSON.stringify(cut(s.text, 80))}`
    // The message has the only one.
    const notes = t.samples.length === 1 ? [] : t.samples.map((s) => `line ${s.line}: ${s.reason}${textOf(s)}`)
    out.push(diagnostic(badLines, at(samples[0]?.line), { path, bad: t.bad, lines: t.lines, samples }, { notes }))
  }
  if (t.invalid > 0)
    out.push(diagnostic(invalidText, at(t.invalidLine), { path, count: t.invalid, line: t.invalidLine }))
  if (t.nul > 0) out.push(diagnostic(nulBytes, at(t.nulLine), { path, count: t.nul, line: t.nulLine }))
  if (t.untimed > 0) out.push(diagnostic(untimed, at(null), { path, count: t.untimed }))
  if (t.future > 0 && t.last !== null)
    out.push(diagnostic(inFuture, at(null), { path, count: t.future, newest: isoTime(t.last) }))
  if (t.slow) out.push(diagnostic(noSimd, at(null), { path }))
  for (const [note, { count, line }] of t.notes) out.push(diagnostic(oddRecords, at(line), { path, note, count, line }))
  return out
}
