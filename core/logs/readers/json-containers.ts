// JSON answers and files that hold their events in an array or as members of one object: these are the records.
import { jsonDocuments, jsonMembers, type Member, type Piece } from './json-documents.ts'

/** Names of the array: AWS (`Records`), Azure and Microsoft Graph (`records`, `value`), CloudWatch (`events`, `logEvents`), Splunk (`results`). */
const ARRAYS = new Set(['Records', 'records', 'value', 'events', 'logEvents', 'results'])
/**
 * sudo and sudo_logsrvd write their whole JSON log as one object, in which each event is a member and the names repeat
 * (findings/sudo-json-log-repeats-keys.sh).
 */
const SUDO = /^(?:accept|alert|exit|reject)$/
/** An event has a time or a name of its own; an answer around events has neither. */
const OWN =
  /^(?:@?timestamp|time|_time|eventTime|event_?type|event_?name|event_?id|id|date|message|ts|kind|operation\w*)$/i

/** As `jsonDocuments`, with the elements of containers in place of the containers. */
export function* jsonRecords(text: string): Iterable<Piece> {
  for (const piece of jsonDocuments(text)) {
    const array = arrayOf(piece.record)
    if (!array) yield piece
    else for (const { record, line } of array) yield { record, line: line + piece.line - 1 }
  }
}

/** The text begins as a container; it may be cut off. Returns the name of its array. */
export function containerName(text: string): string | undefined {
  const found = containerOf(text)
  return found?.name
}

interface Container {
  readonly name: string
  readonly kind: 'array' | 'members' | 'tables'
  /** The first one, if the kind is members. */
  readonly member: Member
}

function containerOf(text: string): Container | undefined {
  if (!/^\s*\{\s*"/.test(text)) return undefined
  let found: Container | undefined
  let isSudo = true
  for (const member of jsonMembers(text)) {
    const { name, value, at } = member
    isSudo &&= SUDO.test(name) && /^\{\s*"(?:uuid|server_time|submit_time)"/.test(value)
    if (isSudo) {
      found ??= { name: 'members, as sudo writes them', kind: 'members', member }
      continue
    }
    if (found?.kind === 'members') return undefined
    if (name === 'hits' && value.startsWith('{')) {
      for (const inner of jsonMembers(value))
        if (inner.name === 'hits' && isArrayOfObjects(inner.value))
          return { name: 'hits.hits', kind: 'array', member: { ...inner, at: at + inner.at } }
    }
    if (OWN.test(name)) return undefined
    if (found || !isArrayOfObjects(value)) continue
    if (name === 'tables' && /^\[\s*\{[^[]*"columns"\s*:/.test(value)) found = { name, kind: 'tables', member }
    else if (ARRAYS.has(name)) found = { name, kind: 'array', member }
  }
  return found
}

const isArrayOfObjects = (value: string): boolean => /^\[\s*(?:\{|\]|$)/.test(value)

function arrayOf(text: string): Iterable<Piece> | undefined {
  const found = containerOf(text)
  if (!found) return undefined
  if (found.kind === 'members') return membersOf(text)
  const line = text.slice(0, found.member.at).split('\n').length - 1
  const pieces = found.kind === 'tables' ? tableRows(found.member.value) : jsonDocuments(found.member.value)
  return shifted(pieces, line)
}

/** An object of each member. */
function* membersOf(text: string): Iterable<Piece> {
  let [line, counted] = [1, 0]
  for (const { name, value, at } of jsonMembers(text)) {
    line += text.slice(counted, at).split('\n').length - 1
    counted = at
    yield { record: `{"${name}":${value}}`, line }
  }
}

function* shifted(pieces: Iterable<Piece>, by: number): Iterable<Piece> {
  for (const { record, line } of pieces) yield { record, line: line + by }
}

/** Azure's `{"tables":[{"columns":[{"name":"TimeGenerated"}],"rows":[["…"]]}]}`: an object of each row, values as written. */
function* tableRows(tables: string): Iterable<Piece> {
  for (const table of jsonDocuments(tables)) {
    let names: readonly string[] = []
    for (const { name, value, at } of jsonMembers(table.record)) {
      if (name === 'columns') names = [...jsonDocuments(value)].map((c) => columnName(c.record))
      if (name !== 'rows') continue
      const line = table.line + table.record.slice(0, at).split('\n').length - 2
      for (const row of jsonDocuments(value))
        yield {
          record: objectOf(
            names,
            [...jsonDocuments(row.record)].map((c) => c.record),
          ),
          line: row.line + line,
        }
    }
  }
}

const columnName = (column: string): string => {
  for (const { name, value } of jsonMembers(column)) if (name === 'name' || name === 'ColumnName') return value
  return '""'
}

const objectOf = (names: readonly string[], cells: readonly string[]): string =>
  `{${cells.map((cell, i) => `${names[i] ?? `"column${i + 1}"`}:${cell}`).join(',')}}`
