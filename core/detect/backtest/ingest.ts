// When the platform took an event in, beside when it happened.
import type { Value } from '../../plan/plan.ts'
import { parseInstant } from '../../workbench/interval.ts'

/**
 * Fields that tell it, where a log has them. LogScale: milliseconds (library.humio.com, "Metadata fields"). Sumo Logic: milliseconds
 * (help.sumologic.com, "Built-in metadata"). Elastic's ECS: ISO 8601. Splunk: seconds.
 */
export const INGEST_FIELDS: readonly string[] = [
  '@ingesttimestamp',
  '_receiptTime',
  '_receipttime',
  'event.ingested',
  '_indextime',
]

/** Microseconds of the first text that is a time; NaN: none is. */
export function ingestedAt(texts: readonly Value[], zone: string): number {
  for (const text of texts) {
    const at = typeof text === 'string' ? parseInstant(text.replace(/^(\d{10})\.\d+$/, '$1'), zone) : undefined
    if (at !== undefined) return Number(at)
  }
  return Number.NaN
}
