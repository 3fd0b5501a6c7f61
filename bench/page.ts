// The measurements as a page in Markdown.
import { cells, type Line } from './measure.ts'

export interface Section {
  readonly title: string
  readonly lines: readonly Line[]
  /** Sentences below the table. */
  readonly notes: readonly string[]
}

const row = (of: readonly string[]): string => `| ${of.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`

/** `machine`: where and how it was measured. */
export function page(machine: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title, lines, notes }) => {
    const [heads = [], ...rows] = cells(lines)
    const rule = heads.map((_, i) => (i === 0 ? '---' : '---:'))
    return [`## ${title}`, '', ...[heads, rule, ...rows].map(row), '', ...notes.flatMap((n) => [n, ''])].join('\n')
  })
  return `# Measurements\n\n${machine}\n\nBoth sides run in child processes and in turns. Times are medians, and ratios are the first row to the row itself.\n\n${parts.join('\n')}`
}
