// Where public converters change the meaning: each construct is written, and the text is run beside the rule over events that tell them apart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../logs/format.ts'
import { outcomeOf } from '../witness/outcome.ts'
import { WITNESS_ENV } from '../witness/telemetry.ts'
import { compile, languageNamed } from './compile.ts'
import { translate, writtenLanguage } from './translate.ts'

const PROCESS = 'category: process_creation\n    product: windows'

function rule(detection: string, logsource = PROCESS): string {
  const lines = detection.split('\n').map((l) => `    ${l}`)
  return `title: T\nlogsource:\n    ${logsource}\ndetection:\n${lines.join('\n')}\n`
}

function written(text: string, to: string, fields?: string) {
  const [from, target] = [languageNamed('sigma'), writtenLanguage(to)]
  assert.ok(from && target)
  return translate({ name: 'r.yml', text }, from, target, { context: {}, fields })
}

function textOf(text: string, to: string, fields?: string): string {
  const { translations, diagnostics } = written(text, to, fields)
  const [one] = translations
  assert.ok(one?.text !== undefined, diagnostics.map((d) => d.message).join('\n'))
  return one.text
}

const event = (fields: Readonly<Record<string, string>>): Event => ({
  fields: new Map(Object.entries(fields)),
  time: WITNESS_ENV.now - 1_000_000n,
})

function finds(text: string, language: string, of: Event): boolean {
  const { plan, diagnostics } = compile({ name: 'q', text }, language, { context: { interval: WITNESS_ENV } })
  assert.ok(plan, `${text}\n${diagnostics.map((d) => d.message).join('\n')}`)
  return outcomeOf(plan, { events: [of], lookups: {} }, WITNESS_ENV, {}).result.rows.length > 0
}

const FALCON = { '#event_simpleName': 'ProcessRollup2', event_platform: 'Win' }
const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: '1' }

/** `yes` and `no`: command lines that the rule finds, and does not find. */
const COMMAND_LINES: Readonly<Record<string, { of: string; yes: readonly string[]; no: readonly string[] }>> = {
  'a slash in a pattern does not end it': {
    of: "a:\n    CommandLine|re: 'ipconfig\\s+/all'\ncondition: a",
    yes: ['ipconfig  /all'],
    no: ['ipconfig all'],
  },
  'a wildcard inside spans lines': {
    of: "a:\n    CommandLine: 'a*b'\ncondition: a",
    yes: ['a\nb', 'AxB', 'ab'],
    no: ['a\nbc'],
  },
  'a question mark is one character': {
    of: "a:\n    CommandLine: 'a?b'\ncondition: a",
    yes: ['a\nb', 'axb'],
    no: ['ab', 'axxb'],
  },
  'a lone star is a field that is there': { of: "a:\n    CommandLine: '*'\ncondition: a", yes: ['', 'x'], no: [] },
  'a literal star is a star': { of: "a:\n    CommandLine: 'a\\*b'\ncondition: a", yes: ['a*b'], no: ['axb'] },
  'not covers all forms of windash': {
    of: "a:\n    CommandLine|contains: x\nf:\n    CommandLine|windash|contains: ' -n '\ncondition: a and not f",
    yes: ['x'],
    no: ['x -n y', 'x /n y'],
  },
  'values are compared without case': {
    of: "a:\n    CommandLine: 'True'\ncondition: a",
    yes: ['TRUE', 'true'],
    no: ['truex'],
  },
  'a boolean is a text in any case': {
    of: 'a:\n    CommandLine: true\ncondition: a',
    yes: ['TRUE', 'True', 'true'],
    no: ['false'],
  },
  'cased keeps the case, and its dot is a dot': {
    of: "a:\n    CommandLine|contains|cased: 'A.b'\ncondition: a",
    yes: ['xA.bx'],
    no: ['xa.bx', 'xAxbx', 'xA\\.bx'],
  },
  'backslashes and quotes are themselves': {
    of: "a:\n    CommandLine|endswith: '\\\"x\\'\ncondition: a",
    yes: ['y\\"x\\'],
    no: ['y"x\\', 'y\\"x'],
  },
  'a text that begins a comment': {
    of: "a:\n    CommandLine|startswith: '//'\ncondition: a",
    yes: ['//x'],
    no: ['/x'],
  },
  'an empty text is not an absent field': { of: "a:\n    CommandLine: ''\ncondition: a", yes: [''], no: ['x'] },
}

for (const [name, { of, yes, no }] of Object.entries(COMMAND_LINES))
  test(name, () => {
    for (const [language, fields, common] of [
      ['cql', 'falcon', FALCON],
      ['sumo', 'sumo', SYSMON],
    ] as const) {
      const text = textOf(rule(of), language, fields)
      const found = (CommandLine: string): boolean => finds(text, language, event({ ...common, CommandLine }))
      assert.deepEqual([yes.filter(found), no.filter(found)], [yes, []], text)
    }
  })

test('a keyword is no phrase in quotation marks, and its signs are not those of a pattern', () => {
  const text = rule("k: ['stop guard', 'a()|b']\ncondition: k")
  for (const [language, common] of [
    ['cql', FALCON],
    ['sumo', SYSMON],
  ] as const) {
    const query = textOf(text, language)
    const with_ = (value: string): boolean => finds(query, language, event({ ...common, x: value }))
    assert.deepEqual(
      ['to Stop Guard now', 'xA()|By', 'stop', 'b', 'a'].map(with_),
      [true, true, false, false, false],
      query,
    )
  }
})

test('not around a network and another test is not lost', () => {
  const text = rule(
    "a:\n    Image: x\nf:\n    User: svc\n    DestinationIp|cidr: ['10.0.0.0/8', 'fc00::/7']\ncondition: a and not f",
    'category: network_connection\n    product: windows',
  )
  const query = textOf(text, 'sumo')
  const found = (User: string, DestinationIp: string): boolean =>
    finds(query, 'sumo', event({ ...SYSMON, EventID: '3', Image: 'x', User, DestinationIp }))
  assert.deepEqual(
    [found('SVC', '10.1.1.1'), found('SVC', 'fd00::1'), found('SVC', '8.8.8.8'), found('other', '10.1.1.1')],
    [false, false, true, true],
    query,
  )
})

test('events of IPv6 and accepted connections are asked for, and an end of a connection is a condition', () => {
  const text = rule(
    'a:\n    DestinationPort: 21\n    DestinationIp|cidr: fc00::/7\ncondition: a',
    'category: network_connection\n    product: windows',
  )
  const query = textOf(text, 'cql', 'falcon')
  const found = (name: string, fields: Readonly<Record<string, string>>): boolean =>
    finds(query, 'cql', event({ '#event_simpleName': name, event_platform: 'Win', ...fields }))
  assert.ok(
    found('NetworkConnectIP6', { ConnectionDirection: '0', RemotePort: '21', RemoteAddressIP6: 'fd00::1' }),
    query,
  )
  assert.ok(found('NetworkReceiveAcceptIP6', { LocalPort: '21', LocalAddressIP6: 'fd00::1' }), query)
  assert.ok(!found('NetworkReceiveAcceptIP6', { RemotePort: '21', RemoteAddressIP6: 'fd00::1' }), query)
})

test('a drive is a volume of any number', () => {
  const query = textOf(rule("a:\n    Image: 'C:\\Windows\\x.exe'\ncondition: a"), 'cql', 'falcon')
  const found = (ImageFileName: string): boolean => finds(query, 'cql', event({ ...FALCON, ImageFileName }))
  assert.deepEqual(
    [
      '\\Device\\HarddiskVolume3\\Windows\\x.exe',
      '\\Device\\HarddiskVolume12\\windows\\X.exe',
      '\\Device\\HarddiskVolumeX\\Windows\\x.exe',
    ].map(found),
    [true, true, false],
  )
})

test('a field that the telemetry lacks is refused at its place, or the names of other telemetry are taken', () => {
  const text = rule("a:\n    Image|endswith: '\\ftp.exe'\n    Company: x\ncondition: a")
  const refused = written(text, 'cql', 'falcon')
  assert.deepEqual(refused.translations, [])
  const [error] = refused.diagnostics.filter((d) => d.severity === 'error')
  assert.equal(error?.code, 'SIG145')
  assert.ok(error?.at.kind === 'text' && text.slice(error.at.span.start, error.at.span.end).includes('Company'))
  assert.match(textOf(text, 'cql'), /windows\.EventData\.Company/)
})

test('a folder cannot be asked of a file name', () => {
  const { diagnostics } = written(rule("a:\n    ParentImage|contains: '\\Temp\\'\ncondition: a"), 'cql', 'falcon')
  assert.equal(diagnostics.find((d) => d.severity === 'error')?.code, 'SIG145')
  const text = textOf(rule("a:\n    ParentImage|endswith: '\\cmd.exe'\ncondition: a"), 'cql', 'falcon')
  assert.ok(finds(text, 'cql', event({ ...FALCON, ParentBaseFileName: 'CMD.exe' })), text)
})

test('a strict translation has no losses', () => {
  const text = rule("k: ['x']\ncondition: k")
  const [from, to] = [languageNamed('sigma'), writtenLanguage('cql')]
  assert.ok(from && to)
  const { translations, diagnostics } = translate({ name: 'r', text }, from, to, { context: {}, strict: true })
  assert.equal(translations[0]?.text, undefined)
  assert.equal(diagnostics.find((d) => d.severity === 'error')?.code, 'TRN002')
})

test('a search of one platform is one of the other, and a step without words there is refused at its place', () => {
  const of = (text: string, from: string, to: string) => {
    const [language, target] = [languageNamed(from), writtenLanguage(to)]
    assert.ok(language && target)
    return translate({ name: 'q', text }, language, target, { context: { interval: WITNESS_ENV } })
  }
  const counted = of('_sourceCategory=fw | where dst_port = "21" | count as n by src_ip | where n > 5', 'sumo', 'cql')
  assert.match(counted.translations[0]?.text ?? '', /groupBy\(src_ip, function=count\(as=n\), limit=max\)\s*\| n > 5/)
  const sigma = of(
    '#event_simpleName=DnsRequest event_platform=Win DomainName="*.example" | groupBy(aid, function=count(as=n)) | n > 9',
    'cql',
    'sigma',
  )
  assert.match(
    sigma.translations[0]?.text ?? '',
    /category: dns_query[\s\S]*QueryName\|endswith[\s\S]*type: event_count[\s\S]*gt: 9/,
  )
  const text = 'a=1 | join(query={b=2}, field=[x], include=[y])'
  const joined = of(text, 'cql', 'sumo')
  const [refusal] = joined.diagnostics.filter((d) => d.code === 'TRN001')
  assert.match(refusal?.message ?? '', /joins events/)
  assert.ok(refusal?.at.kind === 'text' && text.slice(refusal.at.span.start, refusal.at.span.end).startsWith('join'))
})

test('an empty text stays empty in Sigma, and a rule is not translated into its own language', () => {
  const of = (text: string, from: string) => {
    const [language, target] = [languageNamed(from), writtenLanguage('sigma')]
    assert.ok(language && target)
    return translate({ name: 'q', text }, language, target, { context: { interval: WITNESS_ENV } })
  }
  assert.match(of('a="" | b="x*"', 'cql').translations[0]?.text ?? '', /^ +a\|cased: ""$/m)
  assert.deepEqual(
    of(rule('a:\n    User: x\ncondition: a'), 'sigma').diagnostics.map((d) => d.message),
    ['cannot be written in Sigma: the text is in this language'],
  )
})

// Sigma's User is DOMAIN\name, so every user has a backslash, and the platforms have domain and name apart.
test('a condition that never holds in the fields of the target is refused', () => {
  const text = rule("a:\n    Image: x\nf:\n    User|contains: '\\'\ncondition: a and not f")
  for (const to of ['eql', 'yaral']) {
    const { translations, diagnostics } = written(text, to)
    assert.equal(translations[0]?.text, undefined, to)
    assert.match(diagnostics.find((d) => d.code === 'TRN001')?.message ?? '', /never holds/, to)
  }
})

test('a test of the platform stays, if it is only one of several alternatives', () => {
  const [from, to] = [languageNamed('cql'), writtenLanguage('sigma')]
  assert.ok(from && to)
  const text = '#event_simpleName=ProcessRollup2 (event_platform=Win or CommandLine=/x/i)'
  const [one] = translate({ name: 'q', text }, from, to, { context: { interval: WITNESS_ENV } }).translations
  assert.match(one?.text ?? '', /event_platform\|cased: Win/)
})

test('a missing condition on the events of a log source is said once, however many fields a correlation has', () => {
  const base = rule('a:\n    EventID: 104\ncondition: a', 'product: windows\n    service: system')
  const counted = `title: C\ncorrelation:\n    type: value_count\n    rules: [base]\n    group-by: [ComputerName, EventID]\n    timespan: 1h\n    condition: {gte: 3, field: User}\n`
  const { diagnostics } = written(`${base.replace('title: T', 'title: T\nname: base')}---\n${counted}`, 'cql', 'falcon')
  assert.equal(diagnostics.filter((d) => d.code === 'SIG146').length, 1)
})

test('a rule that shows a field of other telemetry runs in the names of its target', () => {
  const text = `${rule('a:\n    Image|endswith: x\ncondition: a')}fields: [Image, NoSuchField]\n`
  const { plan, diagnostics } = compile({ name: 'r.yml', text }, 'sigma', { context: { vocabulary: 'falcon' } })
  assert.ok(plan, diagnostics.map((d) => d.message).join('\n'))
})

// A common end of patterns is written once, and a count in braces is no end of its own.
test('patterns with counts and groups in groups stay whole', () => {
  const text = rule(String.raw`a:
    - CommandLine|re: 'x\.0[0-9]{3,4}'
    - CommandLine|re: 'y0[0-9]{3,7}'
    - CommandLine|re: 'z(a(b)+c)'
    - CommandLine|re: '(d(e)c)'
condition: a`)
  const query = textOf(text, 'cql')
  for (const part of ['0[0-9]{3,4}', '0[0-9]{3,7}', 'z(a(b)+c)', '(d(e)c)']) assert.ok(query.includes(part), query)
})

test('a keyword with quotes is looked for as it is, and as JSON writes it', () => {
  const text = rule(
    `k:\n    - ' -Confirm "False"'\ncondition: k`,
    'product: windows\n    service: msexchange-management',
  )
  assert.match(textOf(text, 'sumo'), /_raw matches \/\(\?i\) -\(\?:Confirm "False"\|Confirm \\\\"False\\\\"\)\//)
})

test('a list that takes too many characters as comparisons is one pattern in Sumo Logic', () => {
  const values = Array.from({ length: 500 }, (_, i) => `program-${i}.exe`)
  const list = values.map((v) => `      - '${v}'`).join('\n')
  const text = textOf(rule(`a:\n    CommandLine|contains:\n${list}\ncondition: a`), 'sumo')
  assert.ok(text.length <= 15_000)
  const run = (CommandLine: string): boolean => finds(text, 'sumo', event({ ...SYSMON, CommandLine }))
  assert.deepEqual(['x program-0.exe', 'PROGRAM-499.EXE y', 'program-500.exe', 'program-.exe'].map(run), [
    true,
    true,
    false,
    false,
  ])
})

test('correlations of Falcon events group by the account for User, whose domain no test can ask for', () => {
  const of = (detection: string) =>
    `${rule(detection)}name: first\n---\ntitle: many\ncorrelation:\n    type: event_count\n    rules: [first]\n    group-by: [User]\n    timespan: 5m\n    condition: {gte: 3}\n`
  assert.match(textOf(of("a:\n    Image|endswith: '\\a.exe'\ncondition: a"), 'cql', 'falcon'), /groupBy\(UserName,/)
  assert.equal(
    written(of("a:\n    User: 'NT AUTHORITY\\SYSTEM'\ncondition: a"), 'cql', 'falcon').translations.length,
    0,
  )
})

const across = (text: string, from: string, to: string) => {
  const [language, target] = [languageNamed(from), writtenLanguage(to)]
  assert.ok(language && target)
  return translate({ name: 'q', text }, language, target, { context: { interval: WITNESS_ENV } })
}

/** The values of `n` that a query gives of five events, the oldest first, with n = 1 to 5. */
function kept(text: string, language: string): string[] {
  const { plan, diagnostics } = compile({ name: 'q', text }, language, { context: { interval: WITNESS_ENV } })
  assert.ok(plan, `${text}\n${diagnostics.map((d) => d.message).join('\n')}`)
  const events = [1, 2, 3, 4, 5].map((n) => ({
    ...event({ n: String(n), bytes: String(n * 5), x: 'y' }),
    time: WITNESS_ENV.now - BigInt(10 - n) * 1_000_000n,
  }))
  const { columns, rows } = outcomeOf(plan, { events, lookups: {} }, WITNESS_ENV, {}).result
  const place = columns.findIndex((c) => c.id === 'n')
  return rows.map((r) => String(r[place])).sort()
}

test('a limit keeps the same events on the other platform: the oldest, the newest, the first by a text', () => {
  for (const [text, from, to] of [
    ['x=y | head(2)', 'cql', 'sumo'],
    ['x=y | tail(2)', 'cql', 'sumo'],
    ['x=y | sort(n, type=string, order=asc, limit=2)', 'cql', 'sumo'],
    ['x=y | limit 2', 'sumo', 'cql'],
    ['x=y | sort by _messagetime asc | limit 2', 'sumo', 'cql'],
    ['x=y | sort by bytes | limit 2', 'sumo', 'cql'],
  ] as const) {
    const { translations, diagnostics } = across(text, from, to)
    const [one] = translations
    assert.ok(one?.text !== undefined, diagnostics.map((d) => d.message).join('\n'))
    const expected = kept(text, from)
    assert.equal(expected.length, 2, text)
    assert.deepEqual(kept(one.text, to), expected, one.text)
    assert.equal(one.losses, 0, text)
  }
})

test('a parameter that the target has no words for is a named loss or a refusal', () => {
  const losses = (text: string, from = 'cql', to = 'sumo'): unknown[] =>
    across(text, from, to).diagnostics.flatMap((d) => {
      if (d.code === 'TRN001') return ['refused']
      return d.code === 'TRN002' ? [(d.data as { kind: string }).kind] : []
    })
  assert.deepEqual(losses('a=x | groupBy(b, limit=10)'), ['group-limit'])
  assert.deepEqual(losses('a=x | groupBy(b, limit=10)', 'cql', 'sigma').includes('group-limit'), true)
  assert.deepEqual(losses('a=x | groupBy(b)'), [])
  assert.deepEqual(losses('a=x | groupBy(b, limit=max)'), [])
  assert.deepEqual(losses('a=x | groupBy(b, function=collect(c, limit=5))'), ['values-limit'])
  assert.deepEqual(losses('a=x | groupBy(b, function=collect(c, separator=","))'), ['refused'])
  assert.deepEqual(losses('a=x | sort(bytes, limit=5)'), ['order-as-text'])
  assert.deepEqual(losses('a=x | count by b | limit 5', 'sumo', 'cql'), ['empty-key'])
  assert.deepEqual(losses('a=x | count() | _count < 5'), ['count-of-nothing'])
  assert.deepEqual(losses('a=x | count() | _count > 5'), [])
  assert.deepEqual(losses('a=x | count as n | where n < 5', 'sumo', 'cql'), [])
  assert.deepEqual(losses('a=x | groupBy(b) | sort(_count, type=string, limit=5)'), ['order-as-number'])
  assert.equal(losses('#event_simpleName=DnsRequest DomainName=x', 'cql', 'sigma').includes('platform-field'), true)
})

test('a loss is placed at the argument that is lost', () => {
  const places = (text: string, to = 'sumo'): unknown[] =>
    across(text, 'cql', to).diagnostics.flatMap((d) =>
      d.code === 'TRN002' && d.at.kind === 'text' ? [text.slice(d.at.span.start, d.at.span.end)] : [],
    )
  assert.deepEqual(places('a=x | groupBy(b, function=collect(c, limit=5), limit=10)'), [
    'limit=10',
    'function=collect(c, limit=5)',
  ])
  assert.deepEqual(places('a=x | sort(bytes, type=number, limit=5)'), ['type=number'])
  assert.deepEqual(
    places('a=x | groupBy(b, limit=10)', 'sigma').filter((p) => p === 'limit=10'),
    ['limit=10'],
  )
})

test('values of a search have the name that it gives them, and only values that are there are counted', () => {
  const textIn = (text: string, from: string, to: string): string => across(text, from, to).translations[0]?.text ?? ''
  assert.match(
    textIn('a=x | values(u) as users by b', 'sumo', 'cql'),
    /collect\(u, limit=100\).*\n\| rename\(u, as=users\)/,
  )
  const counted = textIn('a=x | groupBy(b, function=count(u, as=n)) | n > 3', 'cql', 'sumo')
  assert.match(counted, /if\s*\(isNull\(u\), 0, 1\) as n_counted/)
  assert.match(textIn('a=x | groupBy(b) | sort(_count, type=string)', 'cql', 'spl'), /sort 0 - str\(_count\)/)
  assert.match(textIn('a=x | groupBy(b) | sort(_count, type=string)', 'cql', 'esql'), /SORT TO_STRING\(_count\) DESC/)
})

test('a refusal shows the step as its author wrote it, not the plan', () => {
  const { diagnostics } = across('a=x | b := length(c) | test(b > d)', 'cql', 'sumo')
  const [refusal] = diagnostics.filter((d) => d.code === 'TRN001')
  assert.match(refusal?.message ?? '', /\(step `test\(b > d\)`\)$/)
  assert.doesNotMatch(refusal?.message ?? '', /\$:|holds\(|str\./)
})

test('a log of the same activity that the translation does not read is named', () => {
  const left = (detection: string, to: string): unknown[] =>
    written(rule(detection), to).diagnostics.flatMap((d) => (d.code === 'SIG147' ? [[d.severity, d.message]] : []))
  const read = [['warning', 'events Security 4688 are left out: the translation reads the events of Sysmon only']]
  for (const to of ['cloudsiem', 'spl'])
    assert.deepEqual(left("a:\n    Image|endswith: '\\x.exe'\ncondition: a", to), read)
  assert.deepEqual(left('a:\n    Company: x\n    Image: y\ncondition: a', 'cloudsiem'), [
    ['info', 'events Security 4688 are left out: they have no Company, so none of them can be a finding'],
  ])
})
