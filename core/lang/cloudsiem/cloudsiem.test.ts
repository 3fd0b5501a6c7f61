// Rules of Cloud SIEM: the meaning of every written expression, run by the reader of rule expressions, and whole rules.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { run } from '../../../conformance/sumo/run.ts'
import { runs } from '../../../tools/property-runs.ts'
import { condition, event, holds } from '../shared/meaning-fixtures.ts'
import type { PortableDetection } from '../shared/portable.ts'
import { Columns, Losses, Refused, type TargetSource } from '../shared/target.ts'
import { events, is, traps } from '../shared/traps-fixtures.ts'
import { expression } from './expression.ts'
import { records } from './records.ts'
import { write } from './write.ts'

const text = (d: PortableDetection): string => {
  const found = write(d)
  return 'reason' in found ? `refused: ${found.reason}` : found.text
}
const losses = (d: PortableDetection): string[] => {
  const found = write(d)
  return 'reason' in found ? [] : found.losses.map((l) => l.kind)
}

const source: TargetSource = {
  from: 'test',
  fields: {
    Image: 'baseImage',
    CommandLine: 'commandLine',
    User: 'user_username',
    Port: 'dstPort',
    Ip: 'srcDevice_ip',
  },
}

test('an expression finds the events that the condition means', () => {
  let written = 0
  fc.assert(
    fc.property(condition, fc.array(event, { minLength: 1, maxLength: 5 }), (c, given) => {
      const columns = new Columns(source, records, new Losses())
      let query: string
      try {
        // A comparison with single quotes marks the text as a rule: a search has none.
        query = `mark = 'x' AND (${expression(columns.condition(c), columns, new Losses())})`
      } catch (e) {
        if (e instanceof Refused) return
        throw e
      }
      written++
      const named = given.map((e, i) => ({
        ...Object.fromEntries(Object.entries(e).map(([f, v]) => [source.fields[f] as string, v])),
        mark: 'x',
        i: String(i),
      }))
      const { rows, errors } = run(query, named)
      assert.deepEqual(errors, [], query)
      assert.deepEqual(
        rows.map((r) => r['i']).sort(),
        given.flatMap((e, i) => (holds(c, e) ? [String(i)] : [])),
        query,
      )
    }),
    { numRuns: runs(300) },
  )
  assert.ok(written > runs(30))
})

test('a process rule is a match rule on the records of its mapper', () => {
  const rule: PortableDetection = {
    ...events(is('Image', '*\\ftp.exe'), { category: 'process_creation', product: 'windows' }),
    title: 'FTP "client" ${x}',
    level: 'high',
    tags: ['attack.command-and-control', 'attack.t1071.002'],
  }
  assert.equal(
    text(rule),
    `resource "sumologic_cse_match_rule" "ftp_client_x" {
  name = "FTP \\"client\\" $\${x}"
  name_expression = "FTP \\"client\\" $\${x}"
  description_expression = "FTP \\"client\\" $\${x}"
  enabled = true
  is_prototype = true
  entity_selectors {
    entity_type = "_hostname"
    expression = "device_hostname"
  }
  entity_selectors {
    entity_type = "_username"
    expression = "user_username"
  }
  expression = <<-EOT
    metadata_vendor = "Microsoft"
        AND metadata_product = "Windows"
        AND metadata_deviceEventId = "Microsoft-Windows-Sysmon/Operational-1"
        AND baseImage matches /(?is)^.*\\\\ftp\\.exe$/
  EOT
  severity_mapping {
    type = "constant"
    default = 7
  }
  tags = ["_mitreAttackTechnique:T1071.002"]
}
`,
  )
  assert.deepEqual(losses(rule), [])
})

test('a count is a threshold rule, events in order are a chain rule', () => {
  const failures = text(traps.failures)
  assert.match(failures, /^resource "sumologic_cse_threshold_rule"/)
  assert.match(failures, /metadata_deviceEventId = "Security-4625"/)
  assert.match(failures, /\n {2}limit = 20\n {2}group_by_fields = \["fields\[\\"EventData\.IpAddress\\"\]"/)
  assert.match(failures, /\n {2}window_size = "T10M"\n/)
  assert.deepEqual(losses(traps.failures), ['window-unsaid', 'log-keys'])
  const ordered = text(traps.ordered)
  assert.match(ordered, /^resource "sumologic_cse_chain_rule"/)
  assert.match(ordered, /"Security-4625"[\s\S]*limit = 1[\s\S]*"Security-4624"[\s\S]*limit = 1[\s\S]*ordered = true/)
})

test('a key without an attribute is a loss, and a search of whole records is refused', () => {
  const key = events(is('OriginalFileName', 'x.exe'), { category: 'process_creation', product: 'windows' })
  assert.match(text(key), /lower\(fields\["EventData\.OriginalFileName"\]\) = "x\.exe"/)
  assert.deepEqual(losses(key), ['log-keys'])
  assert.match(text(traps.keywords), /^refused: /)
})
