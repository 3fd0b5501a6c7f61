// Names, keys, numbers and sizes that a pull request may contain: each has a diagnostic at a place, or the meaning of any other.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readConfig } from '../../core/config/config.ts'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import { readPipeline } from '../../core/lang/sigma/pipeline/read.ts'
import { compile, languageNamed } from '../../core/workbench/compile.ts'
import { lint } from '../../core/workbench/lint.ts'
import { openDuckdb } from '../../engine/cases/case-executors.ts'
import { testPage } from '../../engine/cases/test-cases.ts'

const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
const duckdb = await openDuckdb()
after(() => duckdb.close())

/** N is the name: a field, a function, a table, a column, an alias, a parameter, a rule. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  cql: [
    'N=1 | #N=x | N := N | groupBy([N], function=count(as=N)) | sort(N)',
    'N(a) | groupBy(a, function=N(b))',
    'a=?N | match(file="N", field=N) | $N()',
    'defineTable(name="N", query={N=1}, include=[N]) | match(table="N", field=N)',
    'regex("(?<N>a)", field=N) | N match {"a" => N:=1; * => N:=2}',
    'correlate(N: {a=1} include: N, globalConstraints=[N])',
  ],
  sumo: [
    '_N=1 | where N = 1 | N(a) as b | count as N by N',
    '* | N | N a | where N(x) | {{N}}',
    '* | parse "*x" as N | json "N.N" as N | lookup N from path://N on N=N',
    '* | transaction on N with states N, b in N results by N',
  ],
  sigma: [
    'title: T\nN: N\nlevel: N\nlogsource: {product: N, category: N, service: N}\ndetection: {N: {N: N}, condition: N}',
    'title: T\nlogsource: {product: windows}\ndetection: {sel: {"a|N": N, "N|fieldref": N}, condition: 1 of N* or sel}',
    'title: T\nname: N\nlogsource: {product: windows}\ndetection: {sel: {N: x}, condition: sel}\n---\ntitle: C\n' +
      'correlation: {type: N, rules: [N], aliases: {N: {N: N}}, group-by: [N], timespan: 1N, condition: {N: 1}}',
  ],
}

test('names that every object has are names like others, in all languages', () => {
  for (const [language, texts] of Object.entries(TEXTS))
    for (const name of NAMES)
      for (const template of texts) {
        const text = template.replaceAll('N', name)
        assert.doesNotThrow(() => lint({ name: 'q', text }, language), text)
        assert.doesNotThrow(() => languageNamed(language)?.format?.({ name: 'q', text }), text)
      }
})

test('keys of logs and columns of lookups may have such names on both engines', async () => {
  for (const name of NAMES) {
    const page = (telemetry: string, query: string, result: string) =>
      `# P\n${telemetry}\n## c\n\`\`\`cql\n${query}\n\`\`\`\n\`\`\`result\n${result}\n\`\`\`\n`
    const events = (fields: string) => `\`\`\`events\n{"@timestamp":1782032400000,${fields}}\n\`\`\``
    const pages = [
      page(events(`"${name}":"v"`), `${name}=v | groupBy(${name})`, `${name}:str | _count:int\nv | 1`),
      page(events(`"${name}":"v"`), `x := ${name} | select([${name}, x])`, `${name}:str | x:str\nv | v`),
      page(
        `${events('"a":"v"')}\n\`\`\`lookup name=l.csv\na,${name}\nv,hit\n\`\`\``,
        `match(file="l.csv", field=a) | select([a, ${name}])`,
        `a:str | ${name}:str\nv | hit`,
      ),
      page(
        `\`\`\`events format=csv\ntime,${name}\n2026-07-01T00:00:00Z,v\n\`\`\``,
        `select([${name}])`,
        `${name}:str\nv`,
      ),
    ]
    for (const text of pages) {
      const { cases } = await testPage({ name: 'p.case.md', text }, { executors: [duckdb] })
      assert.deepEqual(
        cases.flatMap((c) => c.failures),
        [],
        text,
      )
    }
  }
})

const rule = (detection: string): string =>
  `title: T\nlogsource: {product: windows, category: process_creation}\ndetection: ${detection}\n`

test('YAML that is deep, large or odd has one code, in rules and in assay.yml, and is not laid out', () => {
  const texts = [
    '['.repeat(20_000),
    '{a: '.repeat(5000),
    '- '.repeat(5000),
    'x,'.repeat(600_000),
    '? [a]\n: b',
    '? {a: b}\n: c',
    'a: &a b\n*a : c',
    'a: *b',
    'a: 1\n"a": 2',
    rule('{sel: {? [a, b] : x}, condition: sel}'),
    rule('{sel: {a: *nope}, condition: sel}'),
  ]
  for (const text of texts) {
    const codes = (all: readonly { readonly code: string }[]) => [...new Set(all.map((d) => d.code))]
    const name = text.slice(0, 40)
    assert.deepEqual(codes(compile({ name: 'q.yml', text }, 'sigma').diagnostics), ['SIG100'], name)
    assert.deepEqual(codes(readConfig({ name: 'assay.yml', text }).diagnostics), ['RUN080'], name)
    assert.equal(languageNamed('sigma')?.format?.({ name: 'q.yml', text }), undefined, name)
  }
})

test('merge keys and anchors: an anchor is followed, a merge key is a field that has a mapping', () => {
  const codes = (text: string) =>
    compile({ name: 'q.yml', text }, 'sigma')
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => d.code)
  assert.deepEqual(codes(rule('{sel: &a {Image: x}, b: *a, condition: sel and b}')), [])
  assert.deepEqual(codes(rule('{sel: &a {Image: x}, b: {<<: *a, User: y}, condition: sel and b}')), ['SIG103'])
})

test('a rule of 60,000 values is refused before it becomes a query', () => {
  const text = rule(`{sel: {Image: [${Array.from({ length: 60_000 }, (_, i) => `v${i}`).join(',')}]}, condition: sel}`)
  const { plan, diagnostics } = compile({ name: 'q.yml', text }, 'sigma')
  assert.equal(plan, undefined)
  assert.ok(diagnostics.some((d) => d.code === 'SIG114'))
})

test('numbers and durations beyond all bounds are refused at their place, in both languages', () => {
  const digits = '1'.repeat(400)
  const refused: readonly (readonly [text: string, language: string])[] = [
    [`bucket(span=${digits}m)`, 'cql'],
    [`d := duration(${digits}d)`, 'cql'],
    [`groupBy(u, function=session(maxpause=${digits}h))`, 'cql'],
    [`setTimeInterval(start=${digits}d)`, 'cql'],
    ['* | count | compare timeshift -1d 1e308 as before', 'sumo'],
    ['* | timeslice 1h | count by _timeslice | outlier _count window=0.5', 'sumo'],
    ['* | topk(0.5, n)', 'sumo'],
    [`* | timeslice ${digits} buckets`, 'sumo'],
  ]
  for (const [text, language] of refused) {
    const { diagnostics } = compile({ name: 'q', text }, language)
    assert.ok(
      diagnostics.some((d) => d.severity === 'error' && d.at.kind === 'text' && d.remedy !== ''),
      text.slice(0, 60),
    )
  }
})

test('half of a surrogate pair, a byte order mark and words for no number are the same on both engines', async () => {
  const texts = [
    '\\ud800',
    'a\\ud800b',
    '\\udc00\\ud800',
    '\\ud83d\\ude00',
    '\\ufeffq',
    'x\\u0000y',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
  ]
  const events = texts.map((t, i) => `{"@timestamp":${1782032400000 + i},"n":"${t}"}\n`).join('')
  const queries = [
    'groupBy(n)',
    'x := lower(n) | groupBy(x)',
    'x := urlEncode(n) | groupBy(x)',
    'percentile(n)',
    'max(n)',
  ]
  const page = queries.map((q) => `## ${q}\n\`\`\`cql\n${q}\n\`\`\`\n\`\`\`quiet\n\`\`\`\n`).join('')
  const text = `# P\n\`\`\`events\n${events}\`\`\`\n${page}`
  const { cases } = await testPage({ name: 'p.case.md', text }, { executors: [duckdb] })
  assert.equal(cases.length, queries.length)
  const differ = cases.flatMap((c) => c.failures.filter((f) => f.executor === 'duckdb'))
  assert.deepEqual(differ, [])
})

test('a pattern of a pipeline that could take exponentially long, or that is none, is refused when it is read', () => {
  const read = (item: string) => readPipeline({ name: 'p.yml', text: `name: p\ntransformations:\n  - ${item}\n` })
  for (const pattern of ['^(?=a)(a+)+$', '(', 'a{2,1}'])
    for (const item of [
      `{type: replace_string, regex: '${pattern}', replacement: x}`,
      `{type: case, detection_item_conditions: [{type: match_string, pattern: '${pattern}'}]}`,
      `{type: case, field_name_conditions: [{type: include_fields, mode: re, fields: ['${pattern}']}]}`,
    ])
      assert.match(read(item).diagnostics[0]?.message ?? '', /cannot be used/, item)
  for (const item of ['null', 'x', '[]', '{type: case, rule_conditions: [null]}'])
    assert.doesNotThrow(() => read(item), item)
  assert.deepEqual(read("{type: replace_string, regex: '(a+)+', replacement: x}").diagnostics, [])
})

test('many stars in a condition and many marks in a heading take no time', () => {
  const began = performance.now()
  compile({ name: 'q', text: rule(`{${'a'.repeat(2000)}: {b: c}, condition: 1 of ${'a*'.repeat(40)}b}`) }, 'sigma')
  parseCaseFile({ name: 'p.case.md', text: `## ${'# '.repeat(20_000)}x\n\`\`\`${' '.repeat(40_000)}x\n` })
  assert.ok(performance.now() - began < 5000)
})

test('towers of brackets, signs and operators in a search of Sumo Logic are an error at their place', () => {
  const tall = 20_000
  const tower = (open: string, inside: string, close = ''): string => open.repeat(tall) + inside + close.repeat(tall)
  for (const text of [
    tower('(', 'a', ')'),
    tower('[subquery: ', 'a', ']'),
    tower('not ', 'a'),
    `* | where ${tower('(', 'a = 1', ')')}`,
    `* | where ${tower('not ', 'a = 1')}`,
    `* | ${tower('-', '1')} as x`,
    `* | 1${' + 1'.repeat(tall)} as x`,
    `* | where a = 1${' or a = 2'.repeat(tall)}`,
    `* | ${'('.repeat(40)}a${`${' + 1'.repeat(400)})`.repeat(40)} as x`,
    `* | ${tower('a ? 1 : ', '2')} as x`,
    `* | ${tower('if(a, ', '1', ', 2)')} as x`,
    `* | ${tower('join (', 'where a', ') as t')}`,
  ]) {
    const { diagnostics } = compile({ name: 'x.sumo', text }, 'sumo')
    const errors = diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
    assert.ok(errors.includes('SUM012'), `${text.slice(0, 40)}: ${errors}`)
  }
})

test('modifiers of Sigma that multiply each other are an error at their key', () => {
  const rule = (key: string, values: string): string =>
    `title: T\nlogsource: {product: windows}\ndetection: {s: {'${key}': ${values}}, condition: s}`
  const switches = JSON.stringify(Array.from({ length: 200 }, (_, i) => `-a -b -c -d${i}`))
  for (const text of [
    rule(`a${'|wide|base64offset'.repeat(12)}|contains`, 'ab'),
    rule(`a${'|utf16|base64'.repeat(40)}`, 'ab'),
    rule('a|windash|contains', switches),
  ]) {
    const { diagnostics } = compile({ name: 'x.yml', text }, 'sigma')
    assert.ok(
      diagnostics.some((d) => d.code === 'SIG107'),
      text.slice(0, 100),
    )
  }
})
