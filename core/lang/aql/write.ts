// A detection as AQL of IBM QRadar. https://www.ibm.com/docs/en/qradar-common?topic=structure-ariel-query-language
import { normal, plainText, searchPattern, shapeOf, type TextTest } from '../shared/condition.ts'
import { type Layout, render } from '../shared/layout.ts'
import type { CorrelationDetection, EventDetection, PortableDetection, Test, Written } from '../shared/portable.ts'
import { all } from '../shared/condition.ts'
import { conditionTree, type Words } from '../shared/simple-writer.ts'
import { type Columns, columnsOf, type Losses, Refused, sourceName, written } from '../shared/target.ts'
import { qradar } from './qradar.ts'

const LAYOUT: Layout = { all: ' AND ', any: ' OR ', width: 110 }

export const write = (d: PortableDetection): Written =>
  written((losses) => {
    const title = d.title === undefined ? '' : `/* ${d.title.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim()} */\n`
    return `${title}${d.kind === 'events' ? eventsText(d, losses) : countText(d, losses)}\n`
  })

function eventsText(d: EventDetection, losses: Losses): string {
  if (d.steps.length > 0) throw new Refused('AQL is written for conditions on single events')
  const { from, where } = parts(d, losses)
  return `SELECT DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm:ss') AS "Time", LOGSOURCENAME(logsourceid) AS "Log source", *\n${from}\n${where}\nLAST 1 HOURS`
}

/** One run counts one range of time; a window that slides belongs to a rule of the rule engine. */
function countText(c: CorrelationDetection, losses: Losses): string {
  const [d, ...others] = c.of
  if (c.type !== 'event_count' || !d || d.kind !== 'events' || others.length > 0)
    throw new Refused(`AQL is written for the events of one rule, not for ${c.type}`)
  const minutes = c.timespan / 60_000_000n
  if (minutes < 1n) throw new Refused('a range of AQL is at least a minute')
  losses.add('window-runs', 'AQL counts one range of time, which ends when the search runs')
  const { from, where, columns } = parts(d, losses)
  const keys = c.groupBy.map((g) => nameText(columns.name(g.fields[0] ?? g.name)))
  const having = c.bounds.map((b) => `"n" ${b.op} ${b.value}`).join(' AND ')
  const by = keys.length > 0 ? `\nGROUP BY ${keys.join(', ')}` : ''
  return `SELECT ${[...keys, 'COUNT(*) AS "n"', 'MIN(starttime) AS "First"', 'MAX(starttime) AS "Last"'].join(', ')}\n${from}\n${where}${by}${having === '' ? '' : `\nHAVING ${having}`}\nLAST ${minutes} MINUTES`
}

function parts(d: EventDetection, losses: Losses): { from: string; where: string; columns: Columns } {
  const columns = columnsOf(d, qradar, losses, (of) => {
    throw new Refused(
      of ? `no properties are known for the log source ${sourceName(of)}` : 'the detection names no log source',
    )
  })
  const where = all(columns.source.where ?? { kind: 'always' }, columns.condition(d.where))
  return {
    from: `FROM ${columns.source.from}`,
    where: `WHERE ${render(conditionTree(where, wordsOf(columns)), LAYOUT, 4)}`,
    columns,
  }
}

/** Custom properties go in double quotes, texts in single ones. */
const nameText = (name: string): string =>
  /^[a-z]+(?:\([a-z]+\))?$|^[A-Z]+\([a-z]+\)$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`

const wordsOf = (columns: Columns): Words => ({
  always: '1 = 1',
  never: '1 = 0',
  not: 'NOT',
  /** A property that was not parsed is null. */
  test: (t, negated) => {
    const text = testText(t, columns)
    return negated && 'field' in t && t.kind !== 'exists' ? `(${nameText(t.field)} IS NOT NULL AND ${text})` : text
  },
})

function testText(t: Test, columns: Columns): string {
  switch (t.kind) {
    case 'exists':
      return `${nameText(t.field)} IS NOT NULL`
    case 'number':
      return `${columns.type(t.field) === 'number' ? nameText(t.field) : `LONG(${nameText(t.field)})`} ${t.op} ${t.value}`
    case 'network':
      if (t.network.includes(':')) throw new Refused('INCIDR takes ranges of version 4 only', t.at)
      return `INCIDR(${textLiteral(t.network)}, ${nameText(t.field)})`
    case 'regex':
      return `${nameText(t.field)} MATCHES ${textLiteral(`(?s).*(?${t.flags === '' ? ':' : `${t.flags}:`}${t.pattern}).*`)}`
    case 'text':
      return textTest(t, columns)
    case 'keyword':
      return likeTest('UTF8(payload)', t, t.parts)
    default:
      throw new Refused(`AQL is not written for tests of kind ${t.kind}`, t.at)
  }
}

function textTest(t: TextTest, columns: Columns): string {
  const field = nameText(t.field)
  if (shapeOf(t.parts).kind === 'present') return `${field} IS NOT NULL`
  const plain = plainText(t)
  if (columns.type(t.field) === 'number') {
    if (plain === undefined || !/^\d{1,15}$/.test(plain)) throw new Refused(`${t.field} holds a number`, t.at)
    return `${field} = ${Number(plain)}`
  }
  if (plain !== undefined && t.cased && !/[\n\r]|\\$/.test(plain)) return `${field} = ${textLiteral(plain)}`
  return likeTest(field, t, t.parts)
}

const quoted = (text: string): string => lines(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
const lines = (pattern: string): string => pattern.replaceAll('\n', '\\n').replaceAll('\r', '\\r')

/** `%`, `_`, `\` and ends of lines in a value have no documented escape, so a pattern takes their place. */
function likeTest(field: string, t: { readonly cased: boolean }, parts: TextTest['parts']): string {
  if (parts.every((p) => !('text' in p) || !/[%_\\\n\r]/.test(p.text)))
    return `${field} ${t.cased ? 'LIKE' : 'ILIKE'} ${textLiteral(
      normal(parts)
        .map((p) => ('text' in p ? p.text : p.wild === '*' ? '%' : '_'))
        .join(''),
    )}`
  const pattern = searchPattern(parts, quoted)
  const whole = `${pattern.startsWith('^') ? '' : '.*'}${pattern.replace(/^\^|\$$/g, '')}${pattern.endsWith('$') ? '' : '.*'}`
  return `${field} ${t.cased ? 'MATCHES' : 'IMATCHES'} ${textLiteral(`(?s)${whole}`)}`
}
