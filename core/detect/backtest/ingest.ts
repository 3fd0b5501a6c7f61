// The time at which the platform received an event.
import type { Value } from '../../plan/plan.ts'
import { parseInstant } from '../../workbench/interval.ts'

/**
 * Fields that hold it, in logs that have them. LogScale: milliseconds (library.humio.com, "Metadata fields"). Sumo Logic: milliseconds
 * (help.sumologic.com, "Built-in metadata"). Elastic's ECS: ISO 8601. Splunk: seconds.
 */
export const INGEST_FIELDS: readonly string[] = [
  '@ingesttimestamp',
  '_receiptTime',
  '_receipttime',
  'event.ingested',
  '_indextime',
]

/** The first text that is a time, in microseconds. NaN: no text is a time. */
export function ingestedAt(texts: readonly Value[], zone: string): number {
  for (const text of texts) {
    const at = typeof text === 'string' ? parseInstant(text.replace(/^(\d{10})\.\d+$/, '$1'), zone) : undefined
    if (at !== undefined) return Number(at)
  }
  return Number.NaN
}
