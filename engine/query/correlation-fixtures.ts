// A correlation over made rules, translated and run beside its rule.
import * as codes from '../../core/diag/catalogue/translate.ts'
import { translateQuery } from './translate-query.ts'

const RULE = (name: string, program: string): string => `title: ${name}
name: ${name}
logsource:
    category: process_creation
    product: windows
detection:
    sel:
        Image|endswith: '\\${program}.exe'
    condition: sel
---
`

export interface Case {
  readonly type: string
  readonly condition: string
  readonly timespan?: string
  readonly groupBy?: string
}

function fileOf({ type, condition, timespan = '5m', groupBy = 'ComputerName' }: Case): string {
  const names = type.startsWith('temporal') ? ['first', 'second'] : ['first']
  return `${names.map((n, i) => RULE(n, 'ab'.charAt(i))).join('')}title: ${type}
correlation:
    type: ${type}
    rules: [${names.join(', ')}]
    group-by: [${groupBy}]
    timespan: ${timespan}
${condition === '' ? '' : `    condition: {${condition}}\n`}`
}

export interface Proven {
  readonly text: string | undefined
  readonly said: string
  readonly losses: readonly string[]
}

export function proven(of: Case, to: string): Proven {
  const query = { source: { name: 'rules.yml', text: fileOf(of) }, language: 'sigma', path: undefined }
  const options = { to, lookups: [], param: [], pipeline: [], semantics: [] }
  const { translations, diagnostics } = translateQuery(query, options)
  const lossy = diagnostics.filter((d) => d.code === codes.lossy.id)
  return {
    text: translations[0]?.text,
    said: diagnostics.find((d) => /^TRN01/.test(d.code))?.message ?? 'nothing',
    losses: lossy.map((d) => (d.data as { kind: string }).kind),
  }
}

export const SAME = /^no difference in \d+ events, every predicate reached$/
