// Markdown for a job summary or a comment. GitHub takes 65,536 characters in a comment.
import { printForeign } from '../../text/foreign.ts'
import type { Diagnostic, Severity } from '../diagnostic.ts'
import { byGravity, findings } from './finding.ts'

const MOST_TEXT = 60_000
const NAMES: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Note' }
const md = (text: string): string => printForeign(text, 'markdown')

export function markdownReport(diagnostics: readonly Diagnostic[], heading: string): string {
  const all = byGravity(findings(diagnostics))
  const head = `### ${md(heading)}\n\n`
  if (all.length === 0) return head
  let text = `${head}| | place | problem | fix |\n|---|---|---|---|\n`
  let shown = 0
  for (const { diagnostic: d, place } of all) {
    const at = place ? `${md(place.file)}:${place.line}` : ''
    const row = `| ${NAMES[d.severity]} ${d.code} | ${at} | ${md(d.message)} | ${md(d.remedy)} |\n`
    if (text.length + row.length > MOST_TEXT) break
    text += row
    shown++
  }
  return shown < all.length ? `${text}\n${all.length - shown} more are not shown.\n` : text
}
