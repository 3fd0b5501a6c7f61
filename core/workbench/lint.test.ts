import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readLanguages } from './compile.ts'
import { fixed, lint, Likeness } from './lint.ts'

const source = (text: string) => ({ name: 'test', text })
const codes = (text: string, language: string): string[] =>
  lint(source(text), language)
    .diagnostics.filter((d) => d.severity === 'error')
    .map((d) => d.code)

/** `bin` is an operator of its own, which does not run here; only its arguments are those of SPL. */
const NOT_TOLD = new Set(['SUM110'])

for (const language of readLanguages) {
  describe(`${language.id}: what is fixed is linted again and is clean`, () => {
    for (const n of language.read.nearMisses) {
      // Commands of other languages are recognised after a pipe.
      const text = n.bad.startsWith('|') ? `a=1 ${n.bad}` : n.bad
      test(`${n.id} ${n.title}`, (t) => {
        const before = codes(text, language.id)
        const { text: after, applied } = fixed(source(text), language.id)
        if (applied.length === 0) {
          assert.equal(after, text)
          assert.ok(before.length > 0 || NOT_TOLD.has(n.id), 'no finding and no fix')
          return t.skip('there is no safe fix')
        }
        const left = codes(after, language.id)
        const fixedCodes = applied.map((d) => d.code)
        assert.deepEqual(
          left.filter((c) => fixedCodes.includes(c)),
          [],
          after,
        )
      })
    }
  })
}

test('a near-miss is an error of lint and a warning of run', () => {
  const { compiled, diagnostics } = lint(source('port in (20, 21)'), 'cql')
  assert.deepEqual(
    diagnostics.filter((d) => d.severity !== 'info').map((d) => [d.code, d.severity]),
    [['CQL301', 'error']],
  )
  assert.equal(compiled.refused, false)
  assert.equal(compiled.wouldBeRefused, true)
})

test('fields that no feed has are told without telemetry, and what follows from that', () => {
  const text = `#event_simpleName=NetworkConnectIP4
| groupBy(aid, function=sum(BytesSent, as=sent), limit=max)
| case { sent>100 | risk := "HIGH"; * | risk := "LOW" }`
  const { diagnostics } = lint(source(text), 'cql')
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['LNT101', 'LNT104', 'LNT105'],
  )
  const at = diagnostics.map((d) => d.at.kind === 'text' && text.slice(d.at.span.start, d.at.span.end))
  assert.deepEqual(at, ['BytesSent', 'sent', 'HIGH'])
  assert.match(diagnostics[1]?.remedy ?? '', /^read a field that the telemetry has, not `BytesSent`/)
})

test('the same query over telemetry of another kind is not blamed', () => {
  assert.deepEqual(codes('#type=firewall | groupBy(host, function=sum(BytesSent), limit=max)', 'cql'), [])
  const { diagnostics } = lint(source('#type=firewall | groupBy(host, function=sum(BytesSent), limit=max)'), 'cql')
  assert.deepEqual(diagnostics, [])
})

test('a name that the tenant may have is a warning, and a misspelt one an error', () => {
  const found = (text: string) => lint(source(text), 'cql').diagnostics.map((d) => [d.code, d.severity])
  assert.deepEqual(found('$aSavedQuery() | count()'), [['CQL153', 'warning']])
  assert.deepEqual(found('ourTenantsOwn() | count()'), [['CQL151', 'warning']])
  assert.deepEqual(found('groupByy(a) | count()'), [['CQL151', 'error']])
})

test('a new name behind an aggregate is no field that is gone', () => {
  assert.deepEqual(lint(source('top(user) | rename(_count, as=n) | big := n > 5'), 'cql').diagnostics, [])
  const { diagnostics } = lint(source('top(user) | big := host'), 'cql')
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['CQL407'],
  )
})

test('the implied limit of 200 events is not reported where a step has an error: it may be the aggregate that was meant', () => {
  const all = (text: string) => lint(source(text), 'cql').diagnostics.map((d) => d.code)
  assert.ok(all('port=20').includes('CQL451'))
  const codes = all('port in (20,21) | grouby(x)')
  assert.ok(codes.length > 0 && !codes.includes('CQL451'), String(codes))
})

test('files of a collection refer to each other', () => {
  const logsource = 'logsource: {product: windows, service: security}'
  const rule = (name: string, id: string) =>
    `title: Logon ${name}\nname: ${name}\nid: ${id}\n${logsource}\ndetection: {a: {EventID: 4624}, condition: a}\n`
  const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
  const files = {
    'rule.yml': rule('logon', id(1)),
    'copy.yml': rule('other', id(1)),
    'correlation.yml': `title: Many\ncorrelation:\n  type: event_count\n  rules: [logon]\n  group-by: [TargetUserName]\n  timespan: 5m\n  condition: {gte: 3}\n`,
    'filter.yml': `title: Service\n${logsource}\nfilter: {rules: [logon], a: {TargetUserName: svc}, condition: not a}\n`,
    'lost.yml': `title: Lost\n${logsource}\nfilter: {rules: [logn], a: {TargetUserName: svc}, condition: not a}\n`,
  }
  const collection = Object.entries(files).map(([name, text]) => ({ name, text }))
  const found = (one: { name: string; text: string }, all?: typeof collection) =>
    lint(one, 'sigma', all ? { collection: all } : {}).diagnostics.map((d) => `${d.code} ${d.message}`)
  const together = Object.fromEntries(collection.map((s) => [s.name, found(s, collection)]))
  assert.deepEqual(together, {
    'rule.yml': [`SIG141 a rule in copy.yml has the same id ${id(1)}`],
    'copy.yml': [`SIG141 a rule in rule.yml has the same id ${id(1)}`],
    'correlation.yml': [],
    'filter.yml': [],
    'lost.yml': ['SIG140 no rule here has the name or id logn', 'SIG113 the filter Lost applies to no rule here'],
  })
  const alone = collection.filter((s) => /correlation|filter/.test(s.name)).flatMap((s) => found(s))
  assert.deepEqual(
    alone.map((m) => m.slice(0, 6)),
    ['SIG140', 'SIG140', 'SIG113'],
  )
})

test('CQL: a field that is compared with its own name is told once', () => {
  const codes = (text: string) =>
    lint({ name: 'q.cql', text }, 'cql').diagnostics.flatMap((d) => (/^LNT4(?:20|31)$/.test(d.code) ? [d.code] : []))
  assert.deepEqual(codes('FileName=FileName'), ['LNT431'])
  assert.deepEqual(codes('FileName!=FileName'), ['LNT420'])
  assert.deepEqual(codes('FilePath=FileName'), ['LNT420'])
})

test('a query with the conditions of an earlier one, or with a few more of them, is told once', () => {
  const of = (language: string, ...texts: string[]) => {
    const likeness = new Likeness()
    return texts.flatMap((text, i) => {
      const { compiled } = lint({ name: `q${i}`, text }, language)
      return likeness.check(compiled.outline(), compiled.source, language).map((d) => `q${i} ${d.code} ${d.message}`)
    })
  }
  const rule = (detection: string, category = 'process_creation') =>
    `title: t\nlogsource: {product: windows, category: ${category}}\ndetection:\n${detection}`
  const lists = '  s: {Image|endswith: [\\a.exe, \\b.exe]}\n  f: {User: svc}\n  condition: s and not f\n'
  const maps =
    '  one: {Image|endswith: \\B.exe}\n  two: {Image|endswith: \\a.exe}\n  no: {User: SVC}\n  condition: not no and 1 of o* or not no and two\n'
  const said = (file: string) => `${file} LNT905 the conditions are those of q0`
  assert.deepEqual(
    of('sigma', rule(lists), rule(lists.replace('svc', 'SVC').replace('\\a.exe, \\b.exe', '\\b.exe, \\a.exe'))),
    [said('q1')],
  )
  assert.deepEqual(of('sigma', rule(lists), rule(lists, 'image_load')), [], 'other logs')
  assert.deepEqual(of('sigma', rule(lists), rule(lists.replace('|endswith', '|endswith|cased'))), [], 'another case')
  assert.deepEqual(of('sigma', rule(lists), rule(maps)), [], 'the same by algebra only')
  const many = (n: number) =>
    `port in(values=[${Array.from({ length: n }, (_, i) => String(i)).join(', ')}]) | groupBy(host)`
  const five = 'a=1 b=1 or a=2 b=2 or a=3'
  assert.deepEqual(of('cql', 'a=1 a=2 | groupBy(b)', 'a=2  a=1 | groupBy(b)', 'a=1 a=2 | groupBy(c)'), [said('q1')])
  assert.deepEqual(of('cql', five, `${five} or a=4`), ['q1 LNT906 5 of 6 conditions are those of q0; only here: a = 4'])
  assert.deepEqual(of('cql', five, five.replace('a=3', 'a=4')), [], 'each has one of its own')
  assert.deepEqual(of('cql', many(9), many(10)), [], 'the values of a function are not read')
})

test('names that a telemetry has for a field of a rule are no slips of it', () => {
  const text =
    'title: t\nname: base\nlogsource: {category: firewall}\ndetection: {a: {dst_port: 21}, condition: a}\n---\n' +
    'title: many\ncorrelation: {type: event_count, rules: [base], group-by: [dst_ip], timespan: 1h, condition: {gt: 3}}\n'
  assert.deepEqual(
    lint(source(text), 'sigma').diagnostics.filter((d) => d.code === 'LNT505'),
    [],
  )
})

test('no field is gone behind a step whose fields only the tenant knows', () => {
  const gone = (text: string): string[] =>
    lint(source(text), 'cql').diagnostics.flatMap((d) => (d.code === 'CQL407' ? [d.message] : []))
  const unknown = [
    'groupBy(a) | match(file="x.csv", field=a) | Name=b',
    'groupBy([aid]) | $"pkg:addName"() | table([aid, ComputerName])',
    'groupBy([aid]) | transpose() | rename(column, as=name)',
    'groupBy([aid]) | default(value="-", field=[ComputerName])',
  ]
  for (const text of unknown) assert.deepEqual(gone(text), [], text)
  const known = [
    'groupBy(a) | match(file="x.csv", field=a, include=[b]) | Name=b',
    'groupBy([aid]) | $"pkg:addName"() | groupBy([aid]) | Name=b',
  ]
  for (const text of known) assert.deepEqual(gone(text), ['`Name` no longer exists at this step'], text)
})

// A condition of Cloud SIEM shares `in`, `like`, `between` and `is null` with SQL.
test('a rule of Cloud SIEM does not look like SQL', () => {
  for (const text of [
    'objectType in ("Network") AND dstPort in (20, 21)',
    "baseImage like '%ftp%' and dstPort = 21",
    "severity between '5' and '9' or user_username is not null",
  ]) {
    const found = lint(source(text), 'sumo').diagnostics.map((d) => d.code)
    assert.ok(found.includes('SUM010') && !found.includes('LNT301'), `${text}: ${found.join()}`)
  }
})
