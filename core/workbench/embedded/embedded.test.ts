// Queries inside other files: found, with the value that a reader of the host gets, and each character at its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHost } from '../../text/source.ts'
import { queriesIn } from './embedded.ts'

const within = (name: string, text: string) => queriesIn({ name, text }) ?? []

/** Language and text of each, after the check that every word of the text has its place in the host. */
function found(name: string, text: string): [string, string][] {
  return within(name, text)
    .filter((q) => !q.unread)
    .map(({ language, source }) => {
      for (const m of source.text.matchAll(/[\w=]{3,}/g)) {
        const { span } = toHost(source, { start: m.index, end: m.index + m[0].length })
        assert.equal(text.slice(span.start, span.end), m[0], `${m[0]} in ${name}`)
      }
      return [language, source.text]
    })
}

test('YAML: literal, folded, quoted and plain scalars', () => {
  const text = [
    'name: one',
    'cql: |',
    '  #event_simpleName=ProcessRollup2',
    '    | aid=abc',
    '',
    '  | count()',
    'other:',
    '  - cql: >-',
    '      user=ann',
    '      | count()',
    `  - {cql: 'user="it''s" host=web1'}`,
    String.raw`  - cql: "user=\"ann\"\n| tail(20)"`,
    '  - cql: user=ann',
  ].join('\r\n')
  assert.deepEqual(found('hunt.yml', text), [
    ['cql', '#event_simpleName=ProcessRollup2\n  | aid=abc\n\n| count()\n'],
    ['cql', 'user=ann | count()'],
    ['cql', `user="it's" host=web1`],
    ['cql', 'user="ann"\n| tail(20)'],
    ['cql', 'user=ann'],
  ])
})

test('packages of LogScale, rules of Next-Gen SIEM', () => {
  const alert =
    '$schema: https://schemas.humio.com/alert/v0.2.0\nname: a\nqueryString: |\n  user=ann | count()\nthrottleTimeMillis: 5\n'
  assert.deepEqual(found('alerts/a.yaml', alert), [['cql', 'user=ann | count()\n']])
  const rule = 'type: detection\nsearch:\n  filter: |-\n    #Vendor=aws | count()\n  lookback: 1h\n'
  assert.deepEqual(found('rule.yaml', rule), [['cql', '#Vendor=aws | count()']])
  assert.deepEqual(found('other.yaml', 'filter: x\nqueryString: y\n'), [])
})

test('exported content of Sumo Logic, without queries of metrics', () => {
  const text = JSON.stringify({
    type: 'DashboardV2SyncDefinition',
    panels: [
      { queries: [{ queryString: '_sourceCategory=fw\n| where action = "deny" | count', queryType: 'Logs' }] },
      { queries: [{ queryString: 'metric=cpu', queryType: 'Metrics' }] },
    ],
  })
  assert.deepEqual(found('content.json', text), [['sumo', '_sourceCategory=fw\n| where action = "deny" | count']])
  const search = `{"type":"SavedSearchWithScheduleSyncDefinition","search":{"queryText":"error | count"}}`
  assert.deepEqual(found('search.json', search), [['sumo', 'error | count']])
})

test('Terraform: heredocs and strings; a query with an interpolation is not read, and its place is known', () => {
  const text = [
    'resource "sumologic_monitor" "a" {',
    '  queries {',
    `    query = ${JSON.stringify('_sourceCategory=fw "deny all" | where user = "$${x}" | count')}`,
    '  }',
    '}',
    'resource "humio_alert" "b" {',
    '  query_string = <<-EOT',
    '    user=ann',
    '      | count()',
    '  EOT',
    '}',
    'resource "humio_alert" "c" {',
    '  query_string = "user=${var.user}"',
    '}',
    'resource "aws_athena" "d" {',
    '  query = "SELECT 1"',
    '}',
  ].join('\n')
  assert.deepEqual(found('main.tf', text), [
    ['sumo', '_sourceCategory=fw "deny all" | where user = "${x}" | count'],
    ['cql', 'user=ann\n  | count()\n'],
  ])
  const places = within('main.tf', text).flatMap((q) => (q.unread ? [text.slice(q.unread.start, q.unread.end)] : []))
  assert.deepEqual(places, ['${var.user}'])
})

test('TOML and Markdown', () => {
  const toml = [
    '[rule]',
    'name = "cql = x"',
    'cql = """',
    'user=ann \\"x\\"',
    '| count()"""',
    '[other]',
    "cql = 'host=web1'",
  ].join('\n')
  assert.deepEqual(found('rule.toml', toml), [
    ['cql', 'user=ann "x"\n| count()'],
    ['cql', 'host=web1'],
  ])
  const page =
    '# Hunt\n\n```cql\nuser=ann\n| count()\n```\n\n- step\n\n  ~~~sumo\n  error | count\n  ~~~\n\n```js\ncql()\n```\n'
  assert.deepEqual(found('hunt.md', page), [
    ['cql', 'user=ann\n| count()\n'],
    ['sumo', 'error | count\n'],
  ])
})

test('half-written hosts, anchors and odd texts give what can be read', () => {
  assert.deepEqual(found('a.yml', 'a: &q\n  cql: user=ann\nb: *q\nc: [\n'), [['cql', 'user=ann']])
  assert.deepEqual(found('b.yml', 'a: &q {cql: user=ann}\nb: *q\n'), [['cql', 'user=ann']])
  assert.deepEqual(found('c.json', '{"cql": '), [])
  assert.deepEqual(found('d.md', '```cql\nuser=ann'), [['cql', 'user=ann']])
  assert.deepEqual(found('e.tf', 'resource "humio_alert" "b" {\n query_string = <<EOT\nuser=ann'), [
    ['cql', 'user=ann'],
  ])
  assert.deepEqual(found('f.yml', 'cql: "x=\\U0001F600 user=ann"\n'), [['cql', 'x=😀 user=ann']])
  assert.equal(queriesIn({ name: 'g.txt', text: 'cql: x' }), undefined)
})
