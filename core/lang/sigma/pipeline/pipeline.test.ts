// Pipelines: custom names, conditions and log sources, and the items that are refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from '../../../detect/case/read-events.ts'
import { binder } from '../../../eval/bind.ts'
import { evaluate } from '../../../eval/evaluate.ts'
import { compile, optimised } from '../../../workbench/compile.ts'

const RULE = `title: t
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: \\whoami.exe
        CommandLine|contains: /all
    condition: selection
fields:
    - CommandLine
`
const EVENTS = [
  { time: '2026-06-21T09:00:00Z', kind: 'proc', exe_path: 'C:\\\\x\\\\whoami.exe', 'p.cmd': 'whoami /all' },
  { time: '2026-06-21T09:01:00Z', kind: 'file', exe_path: 'C:\\\\x\\\\whoami.exe', 'p.cmd': 'whoami /all' },
]

function found(pipeline: string, rule = RULE, events: readonly object[] = EVENTS) {
  const compiled = compile({ name: 't.yml', text: rule }, 'sigma', {
    context: { pipelines: [{ name: 'p.yml', text: pipeline }] },
  })
  const told = compiled.diagnostics.map((d) => `${d.code} ${d.message}`)
  if (!compiled.plan) return { told, rows: -1 }
  const context = { zone: 'UTC', year: 2026 }
  const read = readEvents(events.map((e) => JSON.stringify(e)).join('\n'), {
    file: 't',
    format: undefined,
    context,
    tags: {},
    from: 0n,
  })
  const env = { now: 0n, start: 0n, end: 2n ** 60n, zone: 'UTC' }
  const { rows } = evaluate(
    optimised(compiled.plan),
    (s) => read.events.map(({ event, meta }) => binder(s, {}, {}).row(event, meta)),
    env,
  )
  return { told, rows: rows.length }
}

const MAPPING = `
name: own
priority: 10
transformations:
    - id: names
      type: field_name_mapping
      mapping:
          Image: exe_path
          CommandLine:
              - cmd
              - p.cmd
      rule_conditions:
          - type: logsource
            category: process_creation
`

test('names of telemetry of one’s own; one name may become several', () => {
  assert.deepEqual(found(MAPPING), { told: [], rows: 2 })
  assert.equal(found(MAPPING.replace('process_creation', 'dns_query')).rows, 0)
})

test('an added condition says which events the rules are about', () => {
  const kind = `    - type: add_condition
      conditions:
          kind: proc
      rule_conditions:
          - type: processing_item_applied
            processing_item_id: names
`
  assert.equal(found(MAPPING + kind).rows, 1)
  assert.equal(found(MAPPING + kind.replace('      conditions', '      negated: true\n      conditions')).rows, 1)
  assert.equal(found(MAPPING + kind.replace('kind: proc', 'kind: net')).rows, 0)
})

test('prefixes, conditions on names, values', () => {
  const pipeline = (more: string): string => `transformations:\n${more}`
  const prefixed = `    - type: field_name_prefix
      prefix: proc.
      field_name_conditions:
          - type: include_fields
            fields: [Image, CommandLine]
`
  const events = [{ time: '2026-06-21T09:00:00Z', 'proc.Image': 'D:/x/whoami.exe', 'proc.CommandLine': 'whoami /all' }]
  assert.equal(found(pipeline(prefixed), RULE, events).rows, 0)
  const slashes = `    - type: replace_string
      regex: '\\\\'
      replacement: /
`
  assert.equal(found(pipeline(slashes + prefixed), RULE, events).rows, 1)
  const dropped = `    - type: drop_detection_item
      field_name_conditions:
          - type: include_fields
            fields: [Image]
`
  assert.equal(found(pipeline(dropped + prefixed), RULE, events).rows, 1)
})

test('placeholders from vars, and log sources that change', () => {
  const rule = RULE.replace('CommandLine|contains: /all', "CommandLine|contains|expand: '%switch%'")
  const pipeline = `vars:
    switch: [/priv, /all]
transformations:
    - type: value_placeholders
    - type: change_logsource
      product: windows
      service: sysmon
`
  const sysmon = [
    {
      EventID: 1,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      UtcTime: '2026-06-21 09:00:00.000',
      Image: 'C:\\\\whoami.exe',
      CommandLine: 'whoami /all',
    },
  ]
  assert.deepEqual(found(pipeline, rule, sysmon), { told: [], rows: 1 })
})

test('a placeholder that no var gives is named, whatever it is called', () => {
  const rule = RULE.replace('CommandLine|contains: /all', "CommandLine|contains|expand: '%constructor%'")
  const { told, rows } = found('transformations:\n    - type: value_placeholders\n', rule)
  assert.deepEqual([told.length, rows], [1, -1])
  assert.match(told[0] ?? '', /%constructor%/)
})

test('templates, Python and text of other languages are refused by name', () => {
  const refused = (item: string): string | undefined => found(`transformations:\n    - type: ${item}\n`).told[0]
  assert.match(refused('field_name_transform') ?? '', /field_name_transform cannot be used: it calls a Python function/)
  assert.match(refused('query_expression_placeholders') ?? '', /query_expression_placeholders/)
  assert.match(refused('add_condition\n      template: true') ?? '', /add_condition cannot be used: it is a template/)
  assert.match(refused('field_name_maping') ?? '', /no such transformation: field_name_maping/)
  assert.match(found('postprocessing:\n    - type: template\n').told[0] ?? '', /no postprocessing/)
  assert.match(refused('rule_failure\n      message: not here') ?? '', /not here/)
})

test('items that double names, values or texts are refused before they fill the memory', () => {
  const often = (item: string): string => `vars:\n    v: [${'a,'.repeat(200)}]\ntransformations:\n${item.repeat(50)}`
  const value = (text: string) => RULE.replace('CommandLine|contains: /all', text)
  for (const [item, rule] of [
    ['    - {type: field_name_mapping, mapping: {Image: [Image, Image]}}\n', RULE],
    ['    - {type: map_string, mapping: {/all: [/all, /all]}}\n', RULE],
    ['    - {type: replace_string, regex: l, replacement: ll}\n', RULE],
    ['    - {type: replace_string, regex: "(.+)", replacement: "\\\\1\\\\1"}\n', RULE],
    ['    - {type: value_placeholders}\n', value("CommandLine|expand: '%v%%v%%v%%v%'")],
  ] as const) {
    const { told } = found(often(item), rule)
    assert.match(told.join(), /makes more than 50000 values or/, item)
  }
})
