// Compares the findings of `assay hunt` over Windows event logs with a second reading of the specification that shares no code with Assay's.
//   npx tsx tools/check-sigma-by-the-book.ts THOR.yml RULES.jsonl FINDINGS.ndjson LOGS-FOLDER
// THOR.yml: tests/thor.yml of SigmaHQ's repository, which says the events of each log source. FINDINGS: assay hunt --format ndjson.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { type BookRule, type Flat, matchesByTheBook, withText } from '../conformance/sigma/by-the-book.ts'
import { CHUNK, chunkRecords, DAMAGE, FILE_HEADER } from '../core/logs/readers/evtx/evtx.ts'

const [thor, rulesFile, findingsFile, folder] = process.argv.slice(2)
if (!thor || !rulesFile || !findingsFile || !folder) {
  console.error('usage: check-sigma-by-the-book.ts THOR.yml RULES.jsonl FINDINGS.ndjson LOGS-FOLDER')
  process.exit(2)
}
type Text = string | undefined

// ── log sources ──

interface Source {
  readonly category?: string
  readonly product?: string
  readonly service?: string
  readonly conditions?: Readonly<Record<string, unknown>>
  readonly rewrite?: Source
  readonly sources?: readonly string[]
  readonly fieldmappings?: Readonly<Record<string, string>>
}
const table = Object.values((parse(readFileSync(thor, 'utf8')) as { logsources: Record<string, Source> }).logsources)
const same = (a: Source, b: Source): boolean =>
  a.category === b.category && a.product === b.product && a.service === b.service
const texts = (x: unknown): string[] => (Array.isArray(x) ? x : [x]).map(String)
const channelsOf = (s: Source): string[] =>
  table
    .filter((t) => t.sources && same(t, s))
    .flatMap((t) => (t.sources ?? []).map((c) => c.replace('WinEventLog:', '')))

interface Meaning {
  readonly channels: readonly string[]
  readonly conditions: Readonly<Record<string, unknown>>
  readonly names: Readonly<Record<string, string>>
}
function meaningsOf(s: Source): Meaning[] {
  const channels = channelsOf(s)
  if (channels.length > 0) return [{ channels, conditions: {}, names: {} }]
  return table
    .filter((t) => t.rewrite && same(t, s))
    .map((t) => ({
      channels: channelsOf(t.rewrite as Source),
      conditions: t.conditions ?? {},
      names: t.fieldmappings ?? {},
    }))
}

// ── events ──

const plainText = (t: string): string =>
  t.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(lt|gt|amp|quot|apos));/gi, (_, d: Text, x: Text, name: Text) =>
    name
      ? { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[name.toLowerCase() as 'lt']
      : String.fromCodePoint(d ? Number(d) : Number.parseInt(x as string, 16)),
  )

/** Attributes of system elements as `Element_Attribute`, data by their names, other leaves by the element's name. */
function flat(xml: string): Record<string, string[]> {
  const out: Record<string, string[]> = {}
  const put = (name: string, value: string): void => {
    const list = out[name] ?? []
    out[name] = list
    list.push(plainText(value))
  }
  const system = /<System>([\s\S]*?)<\/System>/.exec(xml)?.[1] ?? ''
  for (const [, name = '', attributes = '', value] of system.matchAll(/<([\w:.-]+)([^<>]*?)(?:\/>|>([^<]*)<\/\1>)/g)) {
    if (value !== undefined && value !== '') put(name, value)
    for (const [, key = '', double, single] of attributes.matchAll(/([\w:.-]+)=(?:"([^"]*)"|'([^']*)')/g))
      put(`${name}_${key}`, double ?? single ?? '')
  }
  const rest = xml.slice(xml.indexOf('</System>'))
  for (const [, name = '', attributes = '', value = ''] of rest.matchAll(
    /<([\w:.-]+)([^<>]*?)(?:\/>|>([^<]*)<\/\1>)/g,
  )) {
    const own = /\bName=(?:"([^"]*)"|'([^']*)')/.exec(attributes)
    put(own ? plainText(own[1] ?? own[2] ?? '') : name, value)
  }
  return out
}

const files = (at: string): string[] =>
  readdirSync(at).flatMap((name) => {
    const path = join(at, name)
    return statSync(path).isDirectory() ? files(path) : path.endsWith('.evtx') ? [path] : []
  })

interface Event {
  readonly key: string
  readonly fields: Record<string, string[]>
  readonly xml: string
  /** With its record, and under the names of a log source. */
  readonly named: Map<string, Flat>
}
function named({ fields, xml, named: known }: Event, names: Readonly<Record<string, string>>): Flat {
  const key = JSON.stringify(names)
  const before = known.get(key)
  if (before) return before
  const more = Object.entries(names).flatMap(([to, from]) => (fields[from] && !fields[to] ? [[to, fields[from]]] : []))
  const made = withText({ ...fields, ...Object.fromEntries(more) }, xml)
  known.set(key, made)
  return made
}
const byChannel = new Map<string, Event[]>()
let events = 0
for (const path of files(folder)) {
  const bytes = readFileSync(path)
  let line = 0
  for (let place = FILE_HEADER; place < bytes.length; place += CHUNK)
    for (const record of chunkRecords(bytes.subarray(place, place + CHUNK), place)) {
      line++
      if (record.line.startsWith(DAMAGE)) continue
      const fields = flat(record.line)
      const channel = fields['Channel']?.[0] ?? ''
      const list = byChannel.get(channel) ?? []
      byChannel.set(channel, list)
      list.push({ key: `${path}\0${line}`, fields, xml: record.line, named: new Map() })
      events++
    }
}

// ── rules ──

const found = new Map<string, Set<string>>()
for (const row of readFileSync(findingsFile, 'utf8').split('\n').filter(Boolean)) {
  const { id, log, line } = JSON.parse(row) as { id: string; log: string; line: number }
  const set = found.get(id) ?? new Set()
  found.set(id, set)
  set.add(`${log}\0${line}`)
}
const tally = { rules: 0, left: 0, pairs: 0, findings: 0, missing: 0, more: 0 }
const left = new Map<string, number>()
for (const row of readFileSync(rulesFile, 'utf8').split('\n').filter(Boolean)) {
  const { path, rule: text } = JSON.parse(row) as { path: string; rule: string }
  if (!path.startsWith('rules/')) continue
  const rule = parseAllDocuments(text)[0]?.toJS() as BookRule & { id: string; logsource: Source }
  const { category, product, service } = rule.logsource
  const meanings = meaningsOf({
    ...(category && { category }),
    ...(product && { product }),
    ...(service && { service }),
  })
  if (meanings.length === 0) {
    tally.left++
    const name = `${product}/${category}/${service}`
    left.set(name, (left.get(name) ?? 0) + 1)
    continue
  }
  tally.rules++
  const book = new Set<string>()
  const seen = new Set<string>()
  for (const { channels, conditions, names } of meanings)
    for (const event of channels.flatMap((c) => byChannel.get(c) ?? [])) {
      const { key, fields } = event
      const holds = Object.entries(conditions).every(([name, values]) =>
        texts(values).some((v) => fields[name]?.includes(v)),
      )
      if (!holds) continue
      seen.add(key)
      if (matchesByTheBook(rule, named(event, names))) book.add(key)
    }
  tally.pairs += seen.size
  tally.findings += book.size
  const ours = found.get(rule.id) ?? new Set<string>()
  const missing = [...book].filter((k) => !ours.has(k))
  const more = [...ours].filter((k) => !book.has(k))
  tally.missing += missing.length
  tally.more += more.length
  const show = (k: string | undefined): string => (k ?? '').replace('\0', ':')
  if (missing.length > 0) console.log(`${path}: not found ${missing.length}, first ${show(missing[0])}`)
  if (more.length > 0) console.log(`${path}: found as well ${more.length}, first ${show(more[0])}`)
}
console.log(`${events} events, ${tally.rules} rules, ${tally.pairs} pairs of a rule and an event of its log source`)
console.log(
  `${tally.findings} findings by the book; ${tally.missing} that Assay lacks, ${tally.more} that it has as well`,
)
console.log(`log sources that the table lacks: ${tally.left} rules`)
for (const [name, n] of [...left].sort((a, b) => b[1] - a[1])) console.log(`  ${n} ${name}`)
process.exit(tally.missing + tally.more > 0 ? 1 : 0)
