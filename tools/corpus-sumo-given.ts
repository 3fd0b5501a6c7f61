// Inputs for a published search: values of its template variables, and lookup tables with the columns that it names.
import type { Query, Stage } from '../core/lang/sumo/2-parse/ast.ts'
import type { Lookup } from '../core/lang/sumo/3-lower/lookup-table.ts'

/** Fills template variables like a dashboard: `*` in strings and scopes, a width after timeslice, else a number. */
export function filled(text: string): string {
  return text.replace(
    /\{\{\{(?:[^{}]|\$\{[^{}]*\})*\}\}\}|\{\{(?:[^{}]|\$\{[^{}]*\})*\}\}|\$\{[^{}]*\}|\$\$\w+/g,
    (hole, at: number) => {
      const before = text.slice(0, at)
      if (/timeslice\s*(\(|by\s+)?\s*$/i.test(before)) return '1h'
      if (/timeshift\s*-?$/i.test(before)) return '1d'
      if (/\bby\s+$/i.test(before)) return 'field_of_a_template'
      if (/[A-Za-z0-9_)]\s+$/.test(before) && /\|/.test(before) && /^\s*\)/.test(text.slice(at + hole.length)))
        return '> 1'
      const line = before.slice(before.lastIndexOf('|') + 1)
      const inString = (line.replace(/\\./g, '').match(/"/g) ?? []).length % 2 === 1
      if (inString || !before.includes('|')) return '*'
      return /\n\s*$/.test(before) ? '' : '10'
    },
  )
}

/** Operators whose node is a `Lookup`. */
const LOOKUPS = ['geoip', 'lookup', 'threatip', 'threatlookup']

/** Every table that the query names, with the columns that the query names and one more. */
export function anyLookup(query: Query): Record<string, { columns: string[] }> {
  const out: Record<string, { columns: string[] }> = {}
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const n of node) walk(n)
    else if (typeof node === 'object' && node !== null) {
      const s = node as Stage
      if (s.kind === 'operator' && LOOKUPS.includes(s.name)) {
        const lookup = s.node as Lookup
        const columns = lookup.columns === '*' ? ['x'] : lookup.columns.map((c) => c.from.name)
        out[lookup.path] = { columns: [...columns, ...lookup.on.flatMap((o) => [o.column.name, o.event.name])] }
      }
      if (s.kind === 'operator' && s.name === 'cat') out[s.node as string] = { columns: ['x'] }
      const e = node as { kind?: unknown; text?: unknown }
      if (e.kind === 'path' && typeof e.text === 'string') out[e.text.replace(/"/g, '')] = { columns: ['x'] }
      for (const v of Object.values(node)) walk(v)
    }
  }
  walk(query)
  return out
}
