// A translation of a vendor's query into a portable rule is compared over events that the vendor's product writes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageNamed } from '../../core/workbench/compile.ts'
import { translate, writtenLanguage } from '../../core/workbench/translate.ts'
import { proofOf } from './prove-translation.ts'
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

test('a tag and the field of its name on another platform are one', () => {
  const query = { source: { name: 'q.cql', text: '#Vendor=acme kind=a | groupBy(user)' }, language: 'cql' }
  const { diagnostics } = translateQuery(query, { to: 'sumo', lookups: [], param: [], pipeline: [], semantics: [] })
  assert.deepEqual(
    diagnostics.map((d) => d.code).filter((c) => c.startsWith('TRN01')),
    ['TRN010'],
  )
})

const PROCESS = `title: t
logsource: { category: process_creation, product: windows }
detection:
  sel:
    Image|endswith: '\\x.exe'
    ParentImage|endswith: '\\y.exe'
    IntegrityLevel: High
  condition: sel
`
const translated = (text: string, to: string, fields?: string) =>
  translateQuery(
    { source: { name: 'r.yml', text }, language: 'sigma' },
    { to, fields, lookups: [], param: [], pipeline: [], semantics: [] },
  )
const TARGETS = [
  ['sumo', 'sumo', ''],
  ['sumo', 'sumo-windows-json', 'EventData.'],
  ['cql', 'cps', 'windows.EventData.'],
] as const

test('events of the Security log are read by their own names', () => {
  for (const [to, fields, prefix] of TARGETS) {
    const { translations, diagnostics } = translated(PROCESS, to, fields)
    const text = translations[0]?.text ?? ''
    for (const name of ['NewProcessName', 'ParentProcessName', 'MandatoryLabel'])
      assert.ok(text.includes(`${prefix}${name}`), `${name}: ${text}`)
    assert.deepEqual(
      diagnostics.flatMap((d) => (d.code.startsWith('TRN01') ? [d.code] : [])),
      ['TRN010'],
    )
  }
})

test('events that lack a required field are left out, and those that have a fact in another form are named', () => {
  const codes = (text: string) => {
    const { translations, diagnostics } = translated(text, 'sumo')
    assert.ok(!translations[0]?.text?.includes('"Security"'))
    return diagnostics.flatMap((d) => (/^SIG147|^TRN01/.test(d.code) ? [`${d.code} ${d.severity}`] : []))
  }
  const parent = PROCESS.replace('IntegrityLevel: High', 'ParentCommandLine: a')
  assert.deepEqual(codes(parent), ['SIG147 info', 'TRN010 info'])
  const registry = `title: t
logsource: { category: registry_set, product: windows }
detection: { sel: { TargetObject|endswith: '\\Run' }, condition: sel }
`
  assert.deepEqual(codes(registry), ['SIG147 warning', 'TRN010 info'])
})

test('a text with names that the events of a log do not have differs', () => {
  const query = { source: { name: 'r.yml', text: PROCESS }, language: 'sigma' }
  for (const [id, fields, prefix] of TARGETS) {
    const to = writtenLanguage(id)
    const from = languageNamed('sigma')
    assert.ok(to && from)
    const whole = translate(query.source, from, to, { context: {}, fields })
    const wrong = whole.translations.map((t) => ({
      ...t,
      text: t.text?.replaceAll(`${prefix}NewProcessName`, `${prefix}Image`),
    }))
    const [t] = wrong
    assert.ok(t)
    const { diagnostic } = proofOf(t, { query, to, translated: { ...whole, translations: wrong }, context: {} })
    assert.equal(diagnostic.code, 'TRN012', fields)
    assert.match(diagnostic.message, /NewProcessName/)
  }
})

test('a rule of Cloud SIEM is run over the records that its mappers make', () => {
  const query = { source: { name: 'r.yml', text: PROCESS }, language: 'sigma' }
  const [to, from] = [writtenLanguage('cloudsiem'), languageNamed('sigma')]
  assert.ok(to && from)
  const whole = translate(query.source, from, to, { context: {} })
  const codeOf = (change: (text: string) => string): string => {
    const [t] = whole.translations
    assert.ok(t?.text)
    const text = change(t.text)
    return proofOf({ ...t, text }, { query, to, translated: whole, context: {} }).diagnostic.code
  }
  assert.equal(
    codeOf((t) => t),
    'TRN010',
  )
  for (const [from, by] of [
    ['parentBaseImage', 'baseImage'],
    ['y\\.exe', 'z\\.exe'],
    ['AND baseImage', 'OR baseImage'],
    ['Sysmon/Operational-1"', 'Sysmon/Operational-3"'],
  ] as const)
    assert.equal(
      codeOf((t) => t.replace(from, by)),
      'TRN012',
      from,
    )
})

test('a translation with another plan than its source is not called proven, and its events are counted', () => {
  const rule =
    'title: d\nname: d\nlogsource: { category: firewall }\ndetection: { sel: { action: deny }, condition: sel }\n---\n' +
    'title: scan\ncorrelation:\n  type: value_count\n  rules: [d]\n  group-by: [src_ip]\n  timespan: 1m\n' +
    '  condition: { gte: 20, field: dst_port }\n'
  const proof = translated(rule, 'cql').diagnostics.find((d) => d.code === 'TRN010')
  assert.match(proof?.message ?? '', /^no difference in [1-9][\d,]* events, every predicate reached$/)
})

test('the name of a product is told the language that Assay writes for it', () => {
  const query = { source: { name: 'q.cql', text: 'a=1' }, language: 'cql', path: undefined }
  const remedy = (to: string) =>
    translateQuery(query, { to, lookups: [], param: [], pipeline: [], semantics: [] }).diagnostics[0]?.remedy
  assert.deepEqual(['Splunk', 'sentinel', 'qradar'].map(remedy), ['write --to spl', 'write --to kql', 'write --to aql'])
  assert.match(remedy('elastic') ?? '', /^use --to with one of .*eql, esql/, 'it has two')
})
