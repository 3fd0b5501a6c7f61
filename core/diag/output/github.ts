// Workflow commands of GitHub Actions, which become annotations of a pull request.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions; a step shows ten of each kind.
import { printForeign } from '../../text/foreign.ts'
import type { Diagnostic, Severity } from '../diagnostic.ts'
import { byGravity, cut, findings } from './finding.ts'

const MOST_OF_A_KIND = 10
const MOST_TEXT = 1000
const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

export function githubCommands(diagnostics: readonly Diagnostic[]): string {
  const all = byGravity(findings(diagnostics))
  const lines: string[] = []
  for (const severity of ['error', 'warning', 'info'] as const) {
    const some = all.filter((f) => f.diagnostic.severity === severity)
    for (const { diagnostic: d, place } of some.slice(0, MOST_OF_A_KIND)) {
      const at = place
        ? ` file=${property(place.file)},line=${place.line},col=${place.column},endLine=${place.endLine},endColumn=${place.endColumn},title=${property(`${d.code} ${d.slug}`)}`
        : ` title=${property(`${d.code} ${d.slug}`)}`
      const remedy = d.remedy === '' ? '' : `\nFix: ${d.remedy}`
      lines.push(`::${COMMANDS[severity]}${at}::${data(cut(d.message + remedy, MOST_TEXT))}`)
    }
  }
  const left = all.length - lines.length
  if (left > 0) lines.push(`${left} more are not shown as annotations: a step has ${MOST_OF_A_KIND} of each kind`)
  return lines.map((l) => `${l}\n`).join('')
}

/** The runner decodes these escapes; a text cannot end the line or begin a command. */
const data = (text: string): string =>
  printForeign(text, 'terminal').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
