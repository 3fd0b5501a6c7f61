// A fixed query back in its host: only the characters of the query change, and a reader of the host gets the new text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixed } from '../lint.ts'
import { queriesIn } from './embedded.ts'
import { withQuery } from './write-host.ts'

/** The host with its first query fixed. */
function mended(name: string, text: string): string | undefined {
  const host = { name, text }
  const query = queriesIn(host)?.[0]
  assert.ok(query)
  return withQuery(host, 0, fixed(query.source, query.language).text)
}

const HOSTS: Readonly<Record<string, [name: string, before: string, after: string]>> = {
  'YAML, literal': [
    'a.yml',
    'cql: |\n  a=1\n  | port in (20, 21) // both\nb: 1 # kept\n',
    'cql: |\n  a=1\n  | in(port, values=[20, 21]) // both\nb: 1 # kept\n',
  ],
  'YAML, literal, CRLF': [
    'a.yml',
    'cql: |\r\n  port in (20)\r\nb: 1\r\n',
    'cql: |\r\n  in(port, values=[20])\r\nb: 1\r\n',
  ],
  'YAML, folded': [
    'a.yml',
    'cql: >-\n  port in (20)\n  | count()\n',
    'cql: >-\n  in(port, values=[20])\n  | count()\n',
  ],
  'YAML, in quotes': ['a.yml', 'cql: "port in (\\"x\\", 20)"\n', 'cql: "in(port, values=[\\"x\\", 20])"\n'],
  'YAML, plain': ['a.yml', 'cql: port in (20)\n', 'cql: in(port, values=[20])\n'],
  JSON: ['a.json', '{"x": 1, "cql": "a=1\\n| port in (20)"}', '{"x": 1, "cql": "a=1\\n| in(port, values=[20])"}'],
  TOML: ['a.toml', 'cql = """\na=1\n| port in (20)"""\n', 'cql = """\na=1\n| in(port, values=[20])"""\n'],
  Markdown: [
    'a.md',
    '- step\n\n  ```cql\n  port in (20)\n  ```\n\n```cql\nb=2\n```\n',
    '- step\n\n  ```cql\n  in(port, values=[20])\n  ```\n\n```cql\nb=2\n```\n',
  ],
  'Terraform, heredoc': [
    'a.tf',
    'resource "humio_alert" "b" {\n  query_string = <<-EOT\n    port in (20)\n  EOT\n}\n',
    'resource "humio_alert" "b" {\n  query_string = <<-EOT\n    in(port, values=[20])\n  EOT\n}\n',
  ],
  'Terraform, string': [
    'a.tf',
    'resource "humio_alert" "b" {\n  query_string = "port in (20)"\n}\n',
    'resource "humio_alert" "b" {\n  query_string = "in(port, values=[20])"\n}\n',
  ],
}
for (const [kind, [name, before, after]] of Object.entries(HOSTS))
  test(kind, () => assert.equal(mended(name, before), after))

test('quotes are escaped as the host escapes them', () => {
  const change = (name: string, text: string) => withQuery({ name, text }, 0, `user="it's"`)
  assert.equal(change('a.json', '{"cql": "user=x"}'), `{"cql": "user=\\"it's\\""}`)
  assert.equal(change('a.yml', "cql: 'user=x'\n"), `cql: 'user="it''s"'\n`)
})

test('a text that the host would read differently is refused', () => {
  assert.equal(withQuery({ name: 'a.yml', text: 'cql: user=x\n' }, 0, 'user=x # y'), undefined)
  assert.equal(withQuery({ name: 'a.toml', text: "cql = 'user=x'\n" }, 0, "user='x'"), undefined)
})
