// A translation of a vendor's query into a portable rule is compared over events that the vendor's product writes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { translateQuery } from './translate-query.ts'

function codesOf(text: string): string[] {
  const query = { source: { name: 'q.cql', text }, language: 'cql', path: undefined }
  const { diagnostics } = translateQuery(query, { to: 'sigma', lookups: [], param: [], pipeline: [], semantics: [] })
  return diagnostics.map((d) => d.code).filter((c) => c.startsWith('TRN01'))
}

test('a query over Falcon events and its rule do not differ, although the rule also reads other telemetry', () => {
  const text =
    '#event_simpleName=ProcessRollup2 event_platform=Win | not in(FileName, values=["a.exe", "b.exe"]) CommandLine=/foo/i'
  assert.deepEqual(codesOf(text), ['TRN010'])
})

test('a count of Falcon events and its correlation do not differ', () => {
  const text =
    '#event_simpleName=DnsRequest event_platform=Lin DomainName="*.example" | groupBy(aid, function=count(as=n)) | n > 3'
  assert.deepEqual(codesOf(text), ['TRN010'])
})
