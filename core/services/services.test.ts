import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Lines } from '../text/lines.ts'
import { runs } from '../../tools/property-runs.ts'
import {
  actionsAt,
  completionsAt,
  diagnosticsOf,
  foldsOf,
  formatted,
  hintsOf,
  hoverAt,
  marksOf,
  openText,
  type OpenText,
  renamed,
  signaturesAt,
  type Surroundings,
  symbolsOf,
} from './services.ts'

const open = (name: string, text: string): OpenText => {
  const document = openText({ name, text })
  assert.ok(document, name)
  return document
}
/** The text has `¦` where the cursor is. */
function at(name: string, marked: string): { document: OpenText; offset: number } {
  const offset = marked.indexOf('¦')
  assert.ok(offset >= 0)
  return { document: open(name, marked.replace('¦', '')), offset }
}
const labels = (name: string, marked: string, around: Surroundings = {}): string[] => {
  const { document, offset } = at(name, marked)
  return completionsAt(document, offset, around).map((c) => c.label)
}
const hover = (name: string, marked: string): string => {
  const { document, offset } = at(name, marked)
  return hoverAt(document, offset)?.text ?? ''
}
/** The text with the edits. */
const edited = (text: string, edits: readonly { span: { start: number; end: number }; text: string }[]): string =>
  [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((t, e) => t.slice(0, e.span.start) + e.text + t.slice(e.span.end), text)

/** Place of the cursor, words that must be offered, words that must not. */
const COMPLETIONS: readonly (readonly [
  name: string,
  marked: string,
  offered: readonly string[],
  not: readonly string[],
])[] = [
  ['q.cql', '¦', ['groupBy', '#event_simpleName', 'case'], []],
  ['q.cql', '#event_simpleName=¦', ['NetworkConnectIP4', 'DnsRequest'], ['groupBy']],
  ['q.cql', '#event_simpleName="Dns¦"', ['DnsRequest'], []],
  ['q.cql', '#event_simpleName=DnsRequest | gro¦', ['groupBy', 'DomainName'], ['RemotePort']],
  ['q.cql', '#event_simpleName=DnsRequest | groupBy(¦', ['limit=', 'DomainName'], ['count']],
  ['q.cql', 'groupBy(a, function=[¦', ['count', 'sum'], ['lower', 'limit=']],
  ['q.cql', 'groupBy(aid, function=count(as=n)) | sort(¦', ['aid', 'n', 'order='], ['RemotePort']],
  ['q.cql', 'groupBy(aid, limit=5, ¦', ['function='], ['limit=']],
  ['q.cql', 'a=1 // comment ¦', [], ['groupBy', 'aid']],
  ['q.cql', 'x := lower(aid) | ¦', ['x'], []],
  ['q.sumo', '¦', ['_sourceCategory'], ['where']],
  ['q.sumo', '_sourceCategory=fw | ¦', ['where', 'parse regex', 'count', 'timeslice'], ['AND']],
  ['q.sumo', '* | parse "a=*" as abc | count by ¦', ['abc'], ['where']],
  ['q.sumo', '* | where ¦', ['toLowerCase', 'isPrivateIP'], ['timeslice']],
  ['r.sigma', 'title: x\n¦', ['logsource', 'detection', 'level'], ['title']],
  ['r.sigma', 'title: x\nlogsource:\n    category: ¦', ['process_creation', 'dns_query'], ['title']],
  [
    'r.sigma',
    'title: x\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    sel:\n        Com¦',
    ['CommandLine', 'Image'],
    ['level'],
  ],
  ['r.sigma', 'title: x\ndetection:\n    sel:\n        A|¦', ['contains', 'endswith', 'all'], []],
  ['r.sigma', 'title: x\ndetection:\n    sel_a:\n        A: 1\n    condition: ¦', ['sel_a', 'and', 'not'], []],
  ['r.sigma', 'title: x\nlevel: ¦', ['high', 'critical'], ['detection']],
  ['detection.yml', 'id: x\n¦', ['title', 'attack', 'platforms'], ['id']],
  ['detection.yml', 'status: ¦', ['stable', 'experimental'], ['title']],
  ['detection.yml', 'attack:\n  ¦', ['version', 'techniques'], ['title']],
  ['p.case.md', '## a\n```cql\n#event_simpleName=¦\n```\n', ['DnsRequest'], []],
  ['p.case.md', '## a\n```¦', ['events', 'result', 'fires'], []],
]
for (const [name, marked, offered, not] of COMPLETIONS)
  test(`completion in ${name}: ${JSON.stringify(marked)}`, () => {
    const found = labels(name, marked)
    for (const word of offered) assert.ok(found.includes(word), `${word} is not among ${found.slice(0, 20).join(' ')}`)
    for (const word of not) assert.ok(!found.includes(word), `${word} is among the words`)
  })

test('telemetry gives fields and values', () => {
  const profile = new Map([['weird field', ['a b', 'c']]])
  assert.ok(labels('q.cql', '¦', { profile }).includes('weird field'))
  const { document, offset } = at('q.cql', '"weird field"=¦')
  const found = completionsAt(document, offset, { profile })
  assert.deepEqual(
    found.map((c) => c.insert),
    ['"a b"', 'c'],
  )
})

test('hover: function, parameter, field, event type, hostile name', () => {
  assert.match(hover('q.cql', 'a=1 | gro¦upBy(a)'), /One row per combination/)
  assert.match(hover('q.cql', 'groupBy(a, lim¦it=5)'), /most groups.*20000/s)
  assert.match(hover('q.cql', '#event_simpleName=NetworkConnectIP4 | x := Byte¦sSent'), /BytesSent/)
  assert.match(hover('q.cql', '#event_simpleName=NetworkCon¦nectIP4'), /RemotePort/)
  assert.match(hover('q.cql', 'x := lower(a) | table(x¦)'), /Assigned in this query.*lower/s)
  assert.match(hover('q.sumo', '* | time¦slice 5m'), /slices/)
  assert.match(hover('q.sumo', '* | parse re¦gex "(?<a>b)"'), /parse regex/)
  assert.match(
    hover('r.sigma', 'detection:\n    sel:\n        A|cont¦ains: b\n    condition: sel'),
    /anywhere in the field/,
  )
  assert.match(hover('r.sigma', 'detection:\n    sel:\n        A: b\n    condition: s¦el'), /A: b/)
  assert.match(hover('detection.yml', 'status: stable\nentit¦y:\n  - a'), /columns of a finding/)
  assert.doesNotMatch(hover('q.cql', '"<img src=x>¦[a](b)" := 1 | x=1'), /<img|\[a\]\(b\)/)
})

test('signature help names the parameter at the cursor', () => {
  const active = (name: string, marked: string): (string | undefined)[] => {
    const { document, offset } = at(name, marked)
    return signaturesAt(document, offset).map((s) =>
      s.active === undefined ? undefined : s.parameters[s.active]?.label,
    )
  }
  assert.deepEqual(active('q.cql', 'groupBy(¦'), ['field'])
  assert.deepEqual(active('q.cql', 'groupBy(a, limit=¦5)'), ['limit=20000'])
  assert.deepEqual(active('q.cql', 'groupBy(a, function=[count(¦)])').length, 1)
  assert.deepEqual(active('q.sumo', '* | if(isPrivateIP(¦a), 1, 2) as b'), ['s'])
  assert.deepEqual(active('q.sumo', '* | where substring(a, ¦'), ['start'])
})

test('diagnostics of a page are at their places in the page, and a fix mends it there', () => {
  const text = '# p\n\n## a\n\n```cql\nRemotePort in (20, 21)\n```\n```fires\n```\n'
  const page = open('p.case.md', text)
  const [d] = diagnosticsOf(page)
  assert.ok(d && d.at.kind === 'text')
  assert.equal(text.slice(d.at.span.start, d.at.span.end).trim(), 'RemotePort in (20, 21)')
  const [action] = actionsAt(page, d.at.span)
  assert.ok(action)
  const mended = edited(text, action.edits)
  const left = diagnosticsOf(open('p.case.md', mended)).filter((x) => x.severity !== 'info')
  assert.deepEqual(left, [])
})

test('an edit keeps the facts of the queries that it leaves alone', () => {
  const text = '## a\n```cql\na=1\n```\n## b\n```cql\nb=1\n```\n'
  const before = open('p.case.md', text)
  const after = openText({ name: 'p.case.md', text: text.replace('b=1', 'b=2') }, undefined, before)
  assert.equal(after?.parts[0]?.query, before.parts[0]?.query)
  assert.notEqual(after?.parts[1]?.query, before.parts[1]?.query)
})

test('rename changes all places of a name that the query assigns, and no other', () => {
  const rename = (name: string, marked: string, to: string): string => {
    const { document, offset } = at(name, marked)
    const edits = renamed(document, offset, to)
    return typeof edits === 'string' ? edits : edited(document.source.text, edits)
  }
  assert.equal(
    rename('q.cql', 'x¦ := lower(a) | x=b | table(["x", a])', 'my.name'),
    'my.name := lower(a) | my.name=b | table(["my.name", a])',
  )
  assert.equal(rename('q.cql', 'regex("(?<u>a)") | groupBy(u¦)', 'v'), 'regex("(?<v>a)") | groupBy(v)')
  assert.match(rename('q.cql', 'a¦=1 | table(a)', 'b'), /field of the events/)
  assert.match(rename('q.cql', 'a¦ := lower(a) | table(a)', 'b'), /also a field of the events/)
  assert.equal(
    rename('q.sumo', '* | parse "u=*" as user | count by U¦ser', 'who'),
    '* | parse "u=*" as who | count by who',
  )
  assert.equal(
    rename('r.sigma', 'detection:\n    sel¦:\n        A: 1\n    condition: sel and not x\n', 's1'),
    'detection:\n    s1:\n        A: 1\n    condition: s1 and not x\n',
  )
})

test('hints: the fields that a step leaves', () => {
  const hints = (name: string, text: string): string[] => hintsOf(open(name, text)).map((h) => h.text)
  assert.deepEqual(hints('q.cql', 'a=1\n| groupBy([aid, user], function=count(as=n))\n| n>5'), ['→ aid, user, n'])
  assert.deepEqual(hints('q.sumo', '* | count as n by a'), ['→ a, n'])
  assert.deepEqual(hints('q.cql', 'a=1 | groupBy(['), [])
})

test('symbols and folds', () => {
  const page = open('p.case.md', '# t\n\n## first\n```cql\na=1\n| x := 2\n```\n\n## second\n')
  assert.deepEqual(
    symbolsOf(page).map((s) => [s.name, s.children.flatMap((c) => c.children.map((x) => x.name))]),
    [
      ['first', ['a=1', 'x := 2']],
      ['second', []],
    ],
  )
  assert.ok(foldsOf(page).length > 0)
  const rule = open('r.sigma', 'title: T\ndetection:\n    sel:\n        A: 1\n    condition: sel\n')
  assert.deepEqual(
    symbolsOf(rule).map((s) => s.name),
    ['T', 'sel', 'condition'],
  )
  assert.ok(foldsOf(open('q.cql', 'case {\n a=1;\n *\n}')).length === 1)
})

test('formatting is one edit and gives the layout of `assay fmt`', () => {
  const text = 'a=1|b=2 // why\n|count( )'
  const edits = formatted(open('q.cql', text))
  assert.equal(edits.length, 1)
  assert.equal(edited(text, edits), 'a=1\n| b=2 // why\n| count( )\n')
  assert.deepEqual(formatted(open('q.cql', 'a=(')), [])
})

test('columns count UTF-16 units or UTF-8 bytes, with any line end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'é', '漢', '😀', '\n', '\r\n', '\r')), fc.nat(), (parts, n) => {
      const text = parts.join('')
      const [wide, bytes] = [new Lines(text), new Lines(text, 'utf-8')]
      let offset = text.length === 0 ? 0 : n % (text.length + 1)
      if (/[\udc00-\udfff]/.test(text[offset] ?? '')) offset--
      if (text[offset] === '\n' && text[offset - 1] === '\r') offset--
      const [a, b] = [wide.at(offset), bytes.at(offset)]
      const start = wide.startOf(a.line)
      return (
        a.line === b.line &&
        wide.offset(a) === offset &&
        bytes.offset(b) === offset &&
        b.character === Buffer.byteLength(text.slice(start, offset))
      )
    }),
  )
})

const SAMPLES = [
  [
    'q.cql',
    '#event_simpleName=DnsRequest | x := lower(DomainName) // c\n| groupBy([aid, x], function=[count(as=n)]) | case { n>5 | s:="h"; * } | regex("(?<a>b)", field=x)',
  ],
  [
    'q.sumo',
    '_sourceCategory=fw "a b" | parse "src=* dst=*" as s, d nodrop | where s in ("1") and !isNull(d) | timeslice 5m | count as n by s, _timeslice',
  ],
  [
    'r.sigma',
    "title: T\nlogsource:\n    category: process_creation\ndetection:\n    sel:\n        - A|contains: 'x'\n          B: [1, 2]\n        - C:\n            - q\n    condition: >\n        sel and\n        not 1 of f_*\nfields:\n    - a\n",
  ],
  ['detection.yml', 'id: a\nattack:\n  version: "19.2"\n  techniques:\n    - T1071\nstatus: stable\n'],
  ['p.case.md', '# t\n\n```events\n{"a":1}\n```\n## c\n~~~cql\na=1 | count()\n~~~\n```result\n| _count |\n```\n'],
] as const

test('every prefix and every small damage of a text has all services, and nothing throws', () => {
  const damaged = fc
    .tuple(
      fc.constantFrom(...SAMPLES),
      fc.nat(),
      fc.constantFrom('', '(', '"', '|', '\n', '}', ':', '😀', '\r\n\t', '`', '/*'),
    )
    .map(([[name, text], n, put]) => ({ name, text, cut: n % (text.length + 1), put }))
  fc.assert(
    fc.property(damaged, fc.boolean(), ({ name, text, cut, put }, whole) => {
      const now = text.slice(0, cut) + put + (whole ? text.slice(cut) : '')
      const document = open(name, now)
      const offset = Math.min(now.length, cut + put.length)
      completionsAt(document, offset)
      hoverAt(document, offset)
      signaturesAt(document, offset)
      renamed(document, offset, 'zz')
      formatted(document)
      hintsOf(document)
      for (const d of diagnosticsOf(document))
        if (d.at.kind === 'text') assert.ok(d.at.span.start <= d.at.span.end && d.at.span.end <= now.length)
      let last = 0
      for (const { span } of marksOf(document)) {
        assert.ok(span.start >= last && span.end <= now.length, `marks overlap in ${JSON.stringify(now)}`)
        last = span.end
      }
      for (const f of foldsOf(document)) assert.ok(f.start < f.end)
      for (const s of symbolsOf(document)) assert.ok(s.selection.start >= s.span.start && s.selection.end <= s.span.end)
    }),
    { numRuns: runs(600) },
  )
})
