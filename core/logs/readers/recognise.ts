// Recognising a format by the first lines of a file.
import type { FileHead, JsonSample, Recognition } from '../format.ts'
import { containerName, jsonRecords } from './json-containers.ts'
import { jsonDocuments, withoutMark } from './json-documents.ts'
import { syslogHead } from './syslog.ts'

/** `map`: a change to each line before it is looked at (a head that is cut off). */
export function fileHead(lines: readonly string[], map: (line: string) => string = (l) => l): FileHead {
  const filled = lines.filter((l) => l.trim() !== '').map(map)
  let objects: readonly JsonSample[] | undefined
  let documents: FileHead['documents'] | null = null
  return {
    lines,
    filled,
    get objects() {
      objects ??= filled.flatMap((line): JsonSample[] => {
        const object = jsonObject(line)
        return object ? [object] : []
      })
      return objects
    },
    get documents() {
      if (documents === null) documents = documentsOf(lines)
      return documents
    },
  }
}

/** The JSON object that is the whole text, if it is one. */
export function jsonObject(text: string): JsonSample | undefined {
  if (!/^[\s\x1e]*\{/.test(text)) return undefined
  try {
    return JSON.parse(withoutMark(text)) as JsonSample
  } catch {
    return undefined
  }
}

const MOST_HEAD = 300

/** Cuts off a syslog head before a JSON object; any other line stays as it is. */
export function cutSyslogHead(line: string): string {
  const at = line.charCodeAt(0) === 123 ? 0 : line.indexOf('{')
  if (at <= 0 || at > MOST_HEAD) return line
  const { priority, time } = syslogHead(line.slice(0, at))
  return priority === undefined && time === undefined ? line : line.slice(at)
}

/** Scores the share of lines that are JSON objects of the kind; `undefined` below half. `what` ends the sentence "… are JSON objects". */
export function recogniseObjects(
  { filled, objects }: FileHead,
  score: number,
  what: string,
  is: (object: JsonSample) => boolean,
): Recognition | undefined {
  const lines = filled.length
  const count = objects.filter(is).length
  if (count === 0 || count * 2 < lines) return undefined
  const share =
    count === lines
      ? lines === 1
        ? 'the only line is a'
        : `all ${lines} lines looked at are`
      : `${count} of ${lines} lines looked at are`
  const noun = lines === 1 && count === 1 ? 'JSON object' : 'JSON objects'
  return { score: (score * count) / lines, why: `${share} ${noun} ${what}`.trim() }
}

const MOST_DOCUMENTS = 200

/** evtx_dump numbers its documents. */
const isNumber = (line: string): boolean => /^Record \d+\s*$/.test(line)

function documentsOf(lines: readonly string[]): FileHead['documents'] {
  const found = recogniseDocuments(lines.some(isNumber) ? lines.filter((l) => !isNumber(l)) : lines)
  if (!found) return undefined
  const records: string[] = []
  for (const { record } of jsonRecords(found.text)) if (records.push(oneLine(record)) === MOST_DOCUMENTS) break
  // The last one may be cut off with the head.
  const whole = records.filter((r) => jsonObject(r) !== undefined)
  return { head: fileHead(whole), what: found.what }
}

const oneLine = (json: string): string => json.replace(/\r?\n\s*/g, ' ')

/** Scores the share of lines of the kind; `undefined` below half. `what` ends the sentence "… are". */
export function recogniseLines(
  { filled }: FileHead,
  score: number,
  what: string,
  is: (line: string) => boolean,
): Recognition | undefined {
  // Text inside JSON is a message of its own format, in an envelope.
  const count = filled.filter((l) => !/^\s*(?:\{|\[\s*[{[])/.test(l) && is(l)).length
  if (count === 0 || count * 2 < filled.length) return undefined
  const share = count === filled.length ? `all ${count}` : `${count} of ${filled.length}`
  return { score: (score * count) / filled.length, why: `${share} lines looked at are ${what}` }
}

/** A file that is a JSON array of objects, or objects that each go on over several lines. */
export function recogniseDocuments(
  lines: readonly string[],
): { readonly what: string; readonly text: string } | undefined {
  const text = lines
    .join('\n')
    // `jq --seq` writes each text over several lines behind its mark.
    .replace(/^[\uFEFF\x1e\s]+/, '')
  if (/^\[\s*(?:\{|\]\s*$|$)/.test(text)) return { what: 'the file begins as a JSON array of objects', text }
  const container = containerName(text)
  if (container !== undefined) return { what: `the file begins as a JSON object with its events in ${container}`, text }
  if (/^\{\s*\n\s*"/.test(text) || goesOnBelow(text))
    return { what: 'the file begins as a JSON object over several lines', text }
  return undefined
}

/** The first line begins an object that ends on another line. */
function goesOnBelow(text: string): boolean {
  const line = text.indexOf('\n')
  if (line < 0 || !/^\{\s*"/.test(text) || jsonObject(text.slice(0, line)) !== undefined) return false
  for (const { record } of jsonDocuments(text)) return record.length > line && jsonObject(record) !== undefined
  return false
}
