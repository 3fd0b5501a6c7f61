import type { FileHead, FormatRecord } from '../format.ts'
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
