// Checks the Windows and Sysmon formats with files of cases: npx tsx tools/check-windows-logs.ts FILE.ndjson…
// A case is {id, input, expected}: input is a record's text or a list of documents; expected may name channel, event_id, time, image, pipe,
// src_ip, src_port, dst_ip, dst_port.
import { readFileSync } from 'node:fs'
import { isEvent, recognise } from '../core/logs/registry.ts'

interface Case {
  readonly id: string
  readonly input: string | readonly Record<string, unknown>[]
  readonly expected: Readonly<Record<string, unknown>>
}
const FIELDS: Readonly<Record<string, string>> = {
  channel: 'Channel',
  event_id: 'EventID',
  image: 'Image',
  pipe: 'PipeName',
  src_ip: 'SourceIp',
  src_port: 'SourcePort',
  dst_ip: 'DestinationIp',
  dst_port: 'DestinationPort',
}
const context = { zone: 'UTC', year: 2020 }

/** Reads the records of a case by the recognised format, both as lines and pretty-printed. */
function read(texts: readonly string[]): { format: string; records: readonly object[] } {
  const text = texts.join('\n')
  const head = text.split('\n').slice(0, 200)
  const best = recognise(head)[0]
  if (!best) return { format: 'none', records: [] }
  const { format } = best
  const reader = format.reader(context, head)
  const pieces = format.split ? [...format.split(text)].map((p) => p.record) : text.split('\n')
  return { format: format.name, records: pieces.map((p) => reader.read(p)).filter((r) => !('skip' in r)) }
}

function problems(c: Case, seen: Map<string, number>): string[] {
  const out: string[] = []
  const forms =
    typeof c.input === 'string'
      ? [[c.input]]
      : [c.input.map((d) => JSON.stringify(d)), c.input.map((d) => JSON.stringify(d, null, 2))]
  for (const texts of forms) {
    const { format, records } = read(texts)
    seen.set(format, (seen.get(format) ?? 0) + records.length)
    if (records.length !== texts.length) out.push(`${format}: ${records.length} records of ${texts.length}`)
    for (const [i, r] of records.entries()) {
      if (!isEvent(r)) {
        out.push(`${format}: ${JSON.stringify(r)}`)
        continue
      }
      for (const [key, value] of Object.entries(c.expected)) {
        const name = FIELDS[key]
        const got = name === undefined ? undefined : r.fields.get(name)
        if (name !== undefined && got !== String(value)) out.push(`${format}: ${name} is ${got}, not ${value}`)
        if (key === 'time') {
          const want = BigInt(Date.parse(String(value))) * 1000n
          if (r.time !== want) out.push(`${format}: time is ${r.time}, not ${want} (${value})`)
        }
      }
      const document =
        typeof c.input === 'string'
          ? undefined
          : (c.input[i]?.['Event'] as Record<string, Record<string, unknown>> | undefined)
      for (const [name, value] of Object.entries(document?.['EventData'] ?? {}))
        if (value !== null && typeof value !== 'object' && r.fields.get(name) !== String(value))
          out.push(`${format}: ${name} is ${r.fields.get(name)}, not ${value}`)
      for (const name of ['EventID', 'Channel', 'Computer', 'Provider'])
        if (!r.fields.has(name)) out.push(`${format}: no ${name}`)
      if (r.time === undefined) out.push(`${format}: no time`)
    }
  }
  return out
}

for (const path of process.argv.slice(2)) {
  const seen = new Map<string, number>()
  let wrong = 0
  const cases = readFileSync(path, 'utf8')
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l) as Case)
  for (const c of cases) {
    const found = problems(c, seen)
    if (found.length > 0) wrong++
    for (const p of found) console.log(`${c.id}: ${p}`)
  }
  console.log(
    `${path}: ${cases.length - wrong} of ${cases.length} cases right; ${[...seen].map(([f, n]) => `${n} ${f}`).join(', ')}`,
  )
  if (wrong > 0) process.exitCode = 1
}
