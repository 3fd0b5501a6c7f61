// The findings of a hunt in the formats of `assay hunt`.
import { isoTime } from '../core/workbench/interval.ts'
import type { Cell, Table } from '../core/workbench/present.ts'
import type { Finding } from '../engine/hunt/hunt.ts'
import type { RuleFacts } from '../engine/hunt/hunt-rules.ts'
import { printForeign } from '../core/text/foreign.ts'
import { cellText, rowToJson } from './cells.ts'
import { render } from './output.ts'

export interface HuntOutput {
  add(finding: Finding): string
  end(): string
}

const COLUMNS = [
  'time',
  'level',
  'rule',
  'id',
  'attack',
  'rule_file',
  'rule_line',
  'log',
  'line',
  'host',
  'user',
  'fields',
] as const

/** A finding without its fields, in the order of COLUMNS. */
function cellsOf({ time, log, host, user }: Finding, rule: RuleFacts): Cell[] {
  const number = (n: number | undefined): Cell => (n === undefined ? null : { number: String(n) })
  const { level, title, id, techniques, file, line } = rule
  return [
    time === null ? null : isoTime(time),
    level,
    title,
    id,
    techniques.length === 0 ? null : techniques,
    file,
    number(line),
    log?.file ?? null,
    number(log?.line),
    host,
    user,
  ]
}

export function findingToJson(finding: Finding, rule: RuleFacts): string {
  const head = rowToJson(COLUMNS.slice(0, -1), cellsOf(finding, rule))
  return `${head.slice(0, -1)}, "fields": ${rowToJson(finding.columns, finding.cells)}}`
}

/** The findings as they come: each a text, and one at the end. Texts from outside are harmless in them. */
export function huntOutput(format: string, rules: readonly RuleFacts[], width: number): HuntOutput {
  const ruleOf = (f: Finding): RuleFacts => rules[f.rule] as RuleFacts
  const json = (f: Finding): string => findingToJson(f, ruleOf(f))
  let count = 0
  switch (format) {
    case 'ndjson':
      return { add: (f) => `${json(f)}\n`, end: () => '' }
    case 'json':
      return {
        add: (f) => `${count++ === 0 ? '[' : ','}\n  ${json(f)}`,
        end: () => (count === 0 ? '[]\n' : '\n]\n'),
      }
    case 'csv': {
      const lines = (rows: Table['rows']): string => render({ columns: COLUMNS, rows }, 'csv')
      const head = lines([])
      return {
        add: (f) => {
          const all = lines([[...cellsOf(f, ruleOf(f)), rowToJson(f.columns, f.cells)]])
          return count++ === 0 ? all : all.slice(head.length)
        },
        end: () => (count === 0 ? head : ''),
      }
    }
    default:
      return { add: (f) => block(f, ruleOf(f), width), end: () => '' }
  }
}

const clean = (text: string): string => printForeign(text, 'terminal').replaceAll('\n', ' ⏎ ')
const cut = (text: string, width: number): string =>
  width > 0 && text.length > width ? `${text.slice(0, width - 1)}…` : text

/** Two lines: the rule and where it fired; the log and the fields. */
function block(finding: Finding, rule: RuleFacts, width: number): string {
  const { time, host, user, log, columns, cells } = finding
  const attack = rule.techniques.length > 0 ? ` [${rule.techniques.join(' ')}]` : ''
  const where = [host, user].flatMap((t) => (t === null ? [] : [clean(t)])).join('  ')
  const when =
    time === null
      ? ''.padEnd(20)
      : isoTime(time)
          .replace(/\.\d+Z$/, 'Z')
          .padEnd(20)
  const head = `${when}  ${(rule.level ?? '-').padEnd(13)}  ${clean(rule.title)}${attack}  ${where}`
  const values = columns.flatMap((c, i) => {
    const value = cells[i] ?? null
    return value === null ? [] : [`${clean(c)}=${clean(cellText(value))}`]
  })
  const place = log === null ? '' : `${clean(log.file)}:${log.line}  `
  return `${cut(head.trimEnd(), width)}\n    ${cut(`${place}${values.join('  ')}`.trimEnd(), width > 0 ? width - 4 : 0)}\n`
}
