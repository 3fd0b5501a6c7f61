import type { Event, FileHead, FormatRecord, JsonSample } from '../format.ts'
import { jsonLine } from '../readers/json/write.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import {
  AGGREGATE,
  isAggregate,
  isMessages,
  SUMO_ALIASES,
  sumoCsvReader,
  sumoHeader,
  sumoJsonReader,
  sumoMessages,
} from '../mixed/sumo-export.ts'

const jobAnswer = (head: FileHead): string | undefined => {
  const text = head.lines.join('\n').trimStart()
  return /^\{/.test(text) && /"keyField"\s*:|"fieldType"\s*:/.test(text) ? text : undefined
}

export const sumoCsv: FormatRecord = {
  name: 'sumo-csv',
  title: 'Sumo Logic export, CSV',
  doc: 'Messages exported from a search as CSV: metadata, extracted fields and _raw. Fields that the export lacks are read from the message if it is of a known vendor.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: (head) => {
    const names = sumoHeader(head.filled[0])
    return names && isMessages(names)
      ? { score: 1, why: `a CSV header of ${names.length} columns with _raw and Sumo Logic's metadata` }
      : undefined
  },
  reader: sumoCsvReader,
  views: ['network'],
  aliases: SUMO_ALIASES,
  tags: {},
  json: false,
}

export const sumoJson: FormatRecord = {
  name: 'sumo-json',
  title: 'Sumo Logic search job, JSON',
  doc: 'The answer of the search job interface: fields and messages, each a map of texts with _raw and _messagetime.',
  unit: 'file',
  recognise: (head) =>
    jobAnswer(head) !== undefined
      ? {
          score: 1,
          why: 'the file begins as an answer of the search job interface (fields with fieldType and keyField)',
        }
      : undefined,
  reader: sumoJsonReader,
  split: sumoMessages,
  views: ['network'],
  aliases: SUMO_ALIASES,
  tags: {},
  json: false,
  write: sumoAnswer,
}

const isMessage = (object: JsonSample): boolean => {
  const { map } = object
  return isMessages(Object.keys(typeof map === 'object' && map !== null ? map : object))
}

export const sumoLines: FormatRecord = {
  name: 'sumo-ndjson',
  title: 'Sumo Logic messages, JSON objects',
  doc: 'Messages of a search as JSON objects with _raw and the metadata of Sumo Logic, alone or each in a `map`.',
  unit: 'line',
  recognise: (head) => recogniseObjects(head, 0.98, "with _raw and Sumo Logic's metadata", isMessage),
  reader: sumoJsonReader,
  documents: 'sumo-json-array',
  views: ['network'],
  aliases: SUMO_ALIASES,
  tags: {},
  json: false,
}

/** Metadata has lower-case names in answers. */
function sumoAnswer(events: readonly Event[]): string {
  const maps = events.map(({ fields, time, raw }) => ({
    ...(time !== undefined && { _messagetime: String(time / 1000n) }),
    _raw: raw ?? jsonLine({ fields, time }),
    ...Object.fromEntries(
      [...fields].map(([name, value]) => [name.startsWith('_') ? name.toLowerCase() : name, value]),
    ),
  }))
  const names = [...new Set(maps.flatMap((m) => Object.keys(m)))]
  const described = names.map((name) => ({
    name,
    fieldType: name === '_messagetime' ? 'long' : 'string',
    keyField: false,
  }))
  return `${JSON.stringify({ fields: described, messages: maps.map((map) => ({ map })) })}\n`
}

/** Recognised in order to refuse it with the reason: its rows are no events. */
export const sumoAggregate: FormatRecord = {
  name: 'sumo-aggregate',
  title: 'Sumo Logic export of an aggregate query (refused)',
  doc: 'Rows of a query with count, sum and the like. They are results and no telemetry: every row is refused with that reason.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: (head) => {
    const names = sumoHeader(head.filled[0])
    const named = names?.filter((n) => /^_(?:count|timeslice|sum|avg|min|max)/i.test(n)).join(', ')
    return names && isAggregate(names)
      ? {
          score: 0.9,
          why: `a CSV header with ${named || 'results of aggregates'} and without _raw: results of an aggregate query`,
        }
      : undefined
  },
  reader: (_, header) => {
    const first = header.find((l) => l.trim() !== '')
    let begun = false
    return {
      read: (record) => {
        if (record.trim() === '') return { skip: 'blank' }
        if (!begun && record === first) {
          begun = true
          return { skip: 'header' }
        }
        return { bad: AGGREGATE }
      },
    }
  },
  aliases: {},
  tags: {},
  json: false,
}
