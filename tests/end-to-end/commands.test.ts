// The commands: status, stdout, stderr.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { assay } from './assay.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-cli-'))
after(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const NEAR = 'port in (20, 21) // both\r\n| count()\r\n'

test('lint says what the vendor refuses, in the file and line, and fails', async () => {
  const path = file('a.cql', NEAR)
  const { status, out, err } = await assay('lint', path, '--format', 'json')
  const { diagnostics } = JSON.parse(out) as { diagnostics: Record<string, unknown>[] }
  assert.equal(status, 1)
  assert.equal(err, '')
  assert.deepEqual(
    diagnostics.map((d) => [d['code'], d['severity'], d['file'], d['line'], d['column']]),
    [['CQL301', 'error', path, 1, 1]],
  )
})

test('lint --fix rewrites the file, keeps mark, line ends and what a link names, and then finds nothing', async () => {
  const path = file('b.cql', `\uFEFF${NEAR}`)
  symlinkSync(path, join(folder, 'link.cql'))
  const { status, out } = await assay('lint', '--fix', join(folder, 'link.cql'))
  assert.equal(readFileSync(path, 'utf8'), '\uFEFFin(port, values=[20, 21]) // both\r\n| count()\r\n')
  assert.match(out, /0 errors, 0 warnings.*, 1 fixed/)
  assert.equal(status, 0)
})

test('lint --fix writes into the file around a query', async () => {
  const path = file('hunts.yml', '- cql: |\n    port in (20, 21)\n    | count()\n- cql: user in ("it") # kept\n')
  const shown = await assay('lint', '--diff', path)
  assert.match(shown.out, /^- {4}port in \(20, 21\)\n\+ {4}in\(port, values=\[20, 21\]\)$/m)
  const { status, out } = await assay('lint', '--fix', path)
  assert.equal(
    readFileSync(path, 'utf8'),
    '- cql: |\n    in(port, values=[20, 21])\n    | count()\n- cql: in(user, values=["it"]) # kept\n',
  )
  assert.match(out, /0 errors, 0 warnings.*, 2 fixed/)
  assert.equal(status, 0)
})

test('lint says that it does not read a query with a value of Terraform', async () => {
  const path = file('main.tf', 'resource "humio_alert" "c" {\n  query_string = "user=${var.user} in (1)"\n}\n')
  const { status, out } = await assay('lint', path)
  assert.equal(status, 0)
  assert.match(out, /RUN019.*`\$\{var\.user\}`/)
  assert.match(out, /:2:24/)
})

test('lint of a text prints its fixed form', async () => {
  const { status, out } = await assay('lint', '--fix', '--lang', 'cql', 'a=1 | stats count by b')
  assert.deepEqual([status, out], [0, 'a=1 | groupBy([b], function=count(as=count))\n'])
})

test('a wrong call is status 2 with a code, and the rest is still linted', async () => {
  const path = file('c.cql', 'count()\n')
  const { status, out, err } = await assay('lint', join(folder, 'none.cql'), path)
  assert.equal(status, 2)
  assert.match(err, /^error\[RUN001\]: /)
  assert.match(out, /^1 file: 0 errors/)
})

test('fmt prints, checks and writes one layout', async () => {
  const path = file('d.cql', 'a=1|b=2 // why\n|count()\n')
  const printed = await assay('fmt', path)
  assert.equal(printed.out, 'a=1\n| b=2 // why\n| count()\n')
  const checked = await assay('fmt', '--check', path)
  assert.deepEqual([checked.status, checked.out], [1, `${path}\n`])
  assert.equal((await assay('fmt', '--write', path)).status, 0)
  assert.equal(readFileSync(path, 'utf8'), printed.out)
  assert.equal((await assay('fmt', '--check', path)).status, 0)
})

test('explain shows the stages asked for', async () => {
  const { status, out } = await assay('explain', '--lang', 'cql', 'x=5 | y := x * 2 | table(y)', '--at', 'plan,needs')
  assert.equal(status, 0)
  assert.match(out, /── plan ──\nas lowered\n {2}from events \(x, /)
  assert.match(out, /── needs ──\nfrom events\n {2}fields {4}x, y\n/)
  assert.doesNotMatch(out, /sql/)
})

test('explain with logs counts events in and out of each step and says why they fell out', async () => {
  const log = file('e.ndjson', '{"port":"21","#repo":"x"}\n{"port":"443","#repo":"x"}\n{"user":"ann","#repo":"x"}\n')
  const args = ['--lang', 'cql', 'in(port, values=[20, 21]) | count()', log, '--at', 'steps', '--format', 'json']
  const { out } = await assay('explain', ...args)
  const { steps } = JSON.parse(out) as {
    steps: { text: string; rowsIn: number; rowsOut: number; fellOut: { events: number; samples: string[] }[] }[]
  }
  assert.deepEqual(
    steps.map((s) => [s.text, s.rowsIn, s.rowsOut]),
    [
      ['in(port, values=[20, 21])', 3, 1],
      ['count()', 1, 1],
    ],
  )
  assert.deepEqual(
    steps[0]?.fellOut.map((f) => [f.events, f.samples]),
    [[2, ['port = 443', 'port is absent']]],
  )
})

const PAGE = `# Page
\`\`\`events
{"a":"1"}
{"a":"2"}
\`\`\`
## Good
\`\`\`cql
a>1 | table(a)
\`\`\`
\`\`\`result
a:str
2
\`\`\`
## Bad
\`\`\`cql
count()
\`\`\`
\`\`\`result
_count:int
3
\`\`\`
## Later
todo: not yet
\`\`\`cql
count()
\`\`\`
\`\`\`result
_count:int
4
\`\`\`
`

test('test judges pages, and --accept rewrites only what is expected', async () => {
  const path = file('p.case.md', PAGE)
  const first = await assay('test', path)
  assert.equal(first.status, 1)
  assert.match(first.out, new RegExp(`FAILED +${path}:14 Bad\\n +${path}:18: the rows differ\\n +- 3\\n +\\+ 2\\n`))
  assert.match(first.out, /\n1 passed, 1 failed, 1 todo\n$/)
  const accepted = await assay('test', path, '--accept')
  assert.equal(accepted.status, 0)
  assert.equal(readFileSync(path, 'utf8'), PAGE.replace('_count:int\n3\n', '_count:int\n2\n'))
  const filtered = await assay('test', path, '--filter', 'nothing of that name')
  assert.deepEqual([filtered.status, /RUN014/.test(filtered.err)], [2, true])
})

test('--accept empties no case that must fire', async () => {
  const page = `# P
\`\`\`events
{"tool":"mimikatz"}
\`\`\`
## Attack
\`\`\`cql
tool=mimikats | select(tool)
\`\`\`
\`\`\`result
tool:str
mimikatz
\`\`\`
`
  const path = file('attack.case.md', page)
  const { status, out } = await assay('test', path, '--accept')
  assert.equal(status, 1)
  assert.match(out, /the rows differ\n +- mimikatz\n +fix: mend the query\. `--accept` empties no result;.*\n/)
  assert.match(out, /0 passed, 1 failed\n$/)
  assert.equal(readFileSync(path, 'utf8'), page)
})

test('test is strict: what the vendor refuses does not pass', async () => {
  const path = file('q.case.md', '# P\n## N\n```cql\na in (1) | count()\n```\n```result\n_count:int\n0\n```\n')
  const { status, out } = await assay('test', path)
  assert.equal(status, 1)
  assert.match(out, /would refuse this query/)
})

test('run: a field whose value nothing uses is not absent for that', async () => {
  const log = file('unused.ndjson', '{"@timestamp":1782032400000,"src_ip":"10.0.0.7","action":"deny"}\n')
  const codes = async (query: string) => (await assay('run', query, log, '--lang', 'cql')).err.match(/LNT\d+/g)
  assert.equal(await codes('x := lower(action) | groupBy(src_ip)'), null)
  assert.deepEqual(await codes('x := lower(actoin) | groupBy(src_ip)'), ['LNT102'])
})

test('sources: records that are several lines are not called lines', async () => {
  const record = (type: string): string => `type=${type} msg=audit(1772424000.123:77): a0="x"\n`
  const audit = file('audit.log', record('SYSCALL') + record('EXECVE') + record('PATH'))
  assert.match((await assay('sources', audit)).out, /^ {2}records 1 = 1 events \+ 0 bad \+ 0 blank$/m)
  const plain = file('plain.ndjson', '{"@timestamp":1782032400000,"a":"1"}\n')
  assert.match((await assay('sources', plain)).out, /^ {2}lines {3}1 = 1 events/m)
})

test('a file that is no log does not stop a hunt over the logs beside it', async () => {
  const logs = dirname(file('triage/events.ndjson', '{"#event_simpleName":"DnsRequest","DomainName":"evil.example"}\n'))
  file('triage/notes.txt', '# Host 7\n\nCollected by hand.\n')
  file('triage/README.md', '# Host 7\n\nCollected by hand.\n')
  const rule = file('evil.cql', 'DomainName=evil.example\n')
  const { status, out, err } = await assay('hunt', rule, '--logs', logs, '--format', 'ndjson')
  assert.equal(out.trim().split('\n').length, 1, err)
  assert.match(err, /warning\[LOG208\]: .*notes\.txt/)
  assert.match(err, /info\[LOG105\]: left out: .*README\.md/)
  assert.equal(status, 0)
})
