// The `result` block: an aligned table whose header types each column, and the comparison of rows with it.
import type { Column, Row, Value } from '../../plan/plan.ts'

export interface ExpectedTable {
  readonly columns: readonly { readonly id: string; readonly ty: string | undefined }[]
  readonly rows: readonly (readonly string[])[]
}

/** Header cells `name` or `name:type`, cells separated by ` | `. `null` is absent. A JSON string holds a text that could be misread. */
export function parseTable(body: string): ExpectedTable {
  const [head = '', ...lines] = body.split('\n').filter((l) => l.trim() !== '')
  const columns = cells(head).map((c) => {
    const typed = /^(.*):([a-z]+)$/.exec(c)
    return typed ? { id: typed[1] ?? '', ty: typed[2] } : { id: c, ty: undefined }
  })
  return {
    columns,
    rows: lines
      .filter((l) => !/^[\s|:-]+$/.test(l) || !l.includes('-'))
      .map((l) => normalise(cells(l), columns.length)),
  }
}

const normalise = (row: string[], length: number): string[] =>
  Array.from({ length }, (_, i) => canonical(row[i] ?? 'null'))

function canonical(cell: string): string {
  if (!cell.startsWith('"')) return cell
  try {
    return cellText(JSON.parse(cell))
  } catch {
    return cell
  }
}

/** Cuts at ` | ` outside JSON strings; one leading and trailing bar is allowed. */
function cells(line: string): string[] {
  const out: string[] = []
  let current = ''
  let quoted = false
  const text = line
    .trim()
    .replace(/^\|\s?/, '')
    .replace(/\s?\|$/, '')
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '"' && (quoted || current.trim() === '')) quoted = !quoted
    if (quoted && c === '\\') {
      current += c + (text[++i] ?? '')
      continue
    }
    if (c === '|' && !quoted) {
      out.push(current.trim())
      current = ''
    } else current += c
  }
  out.push(current.trim())
  return out
}

const AMBIGUOUS = /^$|^\s|\s$|^"|[|\n\r\t]|^null$|^-+$/

/** A value as the text of a cell. */
export function cellText(value: Value | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return AMBIGUOUS.test(value) ? JSON.stringify(value) : value
  return Array.isArray(value) ? JSON.stringify(value) : String(value)
}

/** Prints rows as a table that `parseTable` can read. */
export function printTable(columns: readonly Column[], rows: readonly Row[]): string {
  const table = [columns.map((c) => `${c.id}:${c.ty}`), ...rows.map((r) => columns.map((c) => cellText(r[c.id])))]
  const widths = columns.map((_, i) => Math.max(...table.map((r) => (r[i] ?? '').length)))
  return table
    .map(
      (r) =>
        `${r
          .map((c, i) => c.padEnd(widths[i] ?? 0))
          .join(' | ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** The differences as unified lines (`-` expected, `+` found). Empty: equal. Unordered tables compare as multisets. */
export function compareTable(
  expected: ExpectedTable,
  columns: readonly Column[],
  rows: readonly Row[],
  ordered: boolean,
): string[] {
  const ids = expected.columns.map((c) => c.id)
  const unknown = columns.filter((c) => !ids.includes(c.id)).map((c) => c.id)
  const missing = ids.filter((id) => !columns.some((c) => c.id === id))
  const problems = [
    ...missing.map((id) => `- column ${id}`),
    ...unknown.map((id) => `+ column ${id}`),
    ...expected.columns.flatMap(({ id, ty }) => {
      const found = columns.find((c) => c.id === id)
      return found && ty !== undefined && ty !== found.ty ? [`- ${id}:${ty}`, `+ ${id}:${found.ty}`] : []
    }),
  ]
  if (problems.length > 0) return problems
  const want = expected.rows.map((r) => r.join(' | '))
  const got = rows.map((r) => ids.map((id) => canonical(cellText(r[id]))).join(' | '))
  if (ordered) {
    return want.length === got.length && want.every((w, i) => w === got[i])
      ? []
      : [...want.map((w) => `- ${w}`), ...got.map((g) => `+ ${g}`)]
  }
  const left = [...got]
  const lost = want.filter((w) => {
    const i = left.indexOf(w)
    if (i >= 0) left.splice(i, 1)
    return i < 0
  })
  return [...lost.map((w) => `- ${w}`), ...left.map((g) => `+ ${g}`)]
}
