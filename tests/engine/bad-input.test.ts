// Realistic bad input: broken texts, broken files, and texts that try to read forbidden files.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { render } from '../../cli/output.ts'
import { compile, optimised } from '../../core/workbench/compile.ts'
import { listInputs } from '../../engine/inputs/files.ts'
import { type QueryOptions, type QueryResult, runQuery } from '../../engine/query/run-query.ts'

const folder = mkdtempSync(join(tmpdir(), 'bad-input-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const put = (name: string, content: Buffer | string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const run = (text: string, logs: readonly string[], more: Partial<QueryOptions> = {}): Promise<QueryResult> =>
  runQuery({ query: { name: 'query', text }, language: 'cql', logs, ...more })
const codesOf = (r: QueryResult): string[] => r.diagnostics.map((d) => d.code)

const event = (n: number, more: object = {}): string =>
  JSON.stringify({ event_simpleName: 'X', timestamp: String(1767225600000 + n * 1000), aid: `a${n}`, ...more })
const three = `${[event(1), event(2), event(3)].join('\n')}\n`
const good = put('good.json', three)
const long = gzipSync([...Array(5000).keys()].map((n) => event(n, { r: (n * 7919) % 10007 })).join('\n'))

/** Name → bytes, diagnostics, and counts of lines, events and bad records. */
const FILES: Record<string, [content: Buffer | string, said: string[], lines: number, events: number, bad: number]> = {
  'bom.json': [`\ufeff${three}`, [], 3, 3, 0],
  'crlf.json': [three.replaceAll('\n', '\r\n'), [], 3, 3, 0],
  'blank.json': [`\n${three}\n`, [], 5, 3, 0],
  'utf16.json': [Buffer.from(`\ufeff${three}`, 'utf16le'), ['LOG205'], 3, 3, 0],
  'nul.json': [`${three}\0\0\0\n`, ['LOG301', 'LOG303'], 4, 3, 1],
  'invalid.json': [Buffer.from(three.replace('a1', '\u00ff1'), 'latin1'), ['LOG302'], 3, 3, 0],
  'broken.json': [`${three}${three}{"a":\n[1]\n"text"\nnull\n${event(4)} x\n`, ['LOG301'], 11, 6, 5],
  'deep.json': [`${three}{"d":${'['.repeat(20000)}${']'.repeat(20000)}}\n`, ['LOG301'], 4, 3, 1],
  'twice.json': [`${three}{"event_simpleName":"X","a":"1","a":"2","A":"3"}\n`, ['LOG305'], 4, 4, 0],
  'cut.json.gz': [long.subarray(0, Math.floor(long.length / 2)), ['LOG204', 'LOG301'], -1, -1, 1],
  'cut-array.json': [`[${event(1)},\n${event(2).slice(0, 40)}`, ['LOG301'], 2, 1, 1],
  'two-members.json.gz': [Buffer.concat([gzipSync(three), gzipSync(three)]), [], 6, 6, 0],
}

test('files: what is odd is said and counted, the rest is used; lines = events + bad + blank', async () => {
  const dir = join(folder, 'odd')
  mkdirSync(dir)
  for (const [name, [content]] of Object.entries(FILES)) writeFileSync(join(dir, name), content)
  const r = await run('count()', [dir])
  assert.ok(r.ok)
  assert.equal(r.run?.files.length, Object.keys(FILES).length)
  for (const { file, stats } of r.run?.files ?? []) {
    const name = file.name.slice(dir.length + 1)
    const [, said, lines, events, bad] = FILES[name] as (typeof FILES)[string]
    assert.equal(stats.lines, stats.events + stats.bad + stats.blank, name)
    if (lines >= 0) assert.deepEqual([stats.lines, stats.events, stats.bad], [lines, events, bad], name)
    else assert.ok(stats.events > 100 && stats.bad <= bad, name)
    const codes = r.diagnostics.filter((d) => d.at.kind === 'log' && d.at.file === file.name).map((d) => d.code)
    assert.deepEqual(codes.sort(), said, name)
  }
})

const UNUSABLE: Record<string, [content: Buffer | string, code: string]> = {
  'empty.json': ['', 'LOG206'],
  'binary.dat': [Buffer.from([...Array(5000).keys()].map((i) => (i * 7919) % 256)), 'LOG202'],
  'nuls.dat': [Buffer.alloc(1000), 'LOG202'],
  'head-only.gz': [Buffer.from([0x1f, 0x8b, 8]), 'LOG202'],
  'cut-early.gz': [long.subarray(0, 24), 'LOG102'],
  'packed.zip': [Buffer.from('PK\u0003\u0004xxxx'), 'LOG102'],
  'packed.bz2': [Buffer.from('BZh9xxxx'), 'LOG201'],
}

test('files that cannot be used: an error that names the file, and nothing runs', async () => {
  for (const [name, [content, code]] of Object.entries(UNUSABLE)) {
    const r = await run('count()', [put(name, content)])
    assert.equal(r.ok, false, name)
    assert.ok(codesOf(r).includes(code), `${name}: ${codesOf(r)}`)
    assert.ok(
      r.diagnostics.some((d) => d.message.includes(name)),
      name,
    )
  }
  assert.deepEqual(codesOf(await run('count()', [join(folder, 'gone.json')])).at(0), 'LOG101')
})

test('the head of a damaged gzip file is still recognised', async () => {
  const damaged = Buffer.from(long)
  damaged.fill(0, damaged.length - 2000, damaged.length - 1000)
  const r = await run('count()', [put('damaged.json.gz', damaged)])
  assert.ok(r.ok)
  assert.ok(codesOf(r).includes('LOG204'))
})

test('folders: links that lead up are not followed without end, a file counts once', async () => {
  const dir = join(folder, 'links')
  mkdirSync(join(dir, 'a/b'), { recursive: true })
  writeFileSync(join(dir, 'a/b/x.json'), three)
  symlinkSync('..', join(dir, 'a/up'))
  symlinkSync('a/b/x.json', join(dir, 'same.json'))
  writeFileSync(join(dir, 'odd@name#x.json'), three)
  for (const specs of [[dir], [`${dir}/**/*.json`], [dir, `${dir}/**`, join(dir, 'same.json')]]) {
    const { inputs, diagnostics } = await listInputs(specs)
    assert.deepEqual(diagnostics, [], specs.join(' '))
    assert.equal(inputs.length, 2, specs.join(' '))
  }
})

/** Texts that are refused at once, with place, reason and remedy. None may throw. */
const REFUSED: readonly (readonly [text: string, code: string])[] = [
  ['groupBy([a', 'CQL102'],
  ['a="b', 'CQL104'],
  ['a=/b', 'CQL104'],
  ['a=/(/', 'CQL208'],
  ['a=/[z-a]/', 'CQL208'],
  ['grupBy(a)', 'CQL151'],
  ['groupBy(a, limt=3)', 'CQL201'],
  ['groupBy()', 'CQL202'],
  ['a=\u0000b', 'CQL105'],
  ['a=\u202eb', 'CQL105'],
  [`a=1 AND ${'('.repeat(1000)}b=2${')'.repeat(1000)}`, 'CQL106'],
  [`x := ${'('.repeat(1000)}1${')'.repeat(1000)}`, 'CQL106'],
  [`x := 1${'+1'.repeat(5000)}`, 'CQL106'],
  [`x := ${'-'.repeat(5000)}1`, 'CQL106'],
  [`x := ${'('.repeat(40)}a${`${'+1'.repeat(400)})`.repeat(40)}`, 'CQL106'],
  [`${'NOT '.repeat(2000)}a=1`, 'CQL106'],
  [`${'case { '.repeat(500)}a=1${' }'.repeat(500)}`, 'CQL106'],
  ['$"../../../etc/passwd"()', 'CQL153'],
]

test('texts that are no query: code, place, reason, remedy; once each', () => {
  for (const [text, code] of REFUSED) {
    const { plan, diagnostics } = compile({ name: 'query', text }, 'cql')
    const name = text.slice(0, 40)
    assert.equal(plan, undefined, name)
    const errors = diagnostics.filter((d) => d.severity === 'error')
    assert.ok(
      errors.some((d) => d.code === code),
      `${name}: ${errors.map((d) => d.code)}`,
    )
    for (const d of errors) assert.ok(d.at.kind === 'text' && d.why !== '' && d.remedy !== '', `${name}: ${d.code}`)
    const places = errors.map((d) => JSON.stringify([d.code, d.message, d.at.kind === 'text' && d.at.span]))
    assert.equal(new Set(places).size, places.length, name)
  }
})

test('texts that are long compile', () => {
  const many = (n: number, f: (i: number) => string, by: string) => [...Array(n).keys()].map(f).join(by)
  for (const text of [
    `a="${'y'.repeat(60000)}"`,
    `${'x'.repeat(60000)}=1`,
    many(1000, (i) => `a=${i}`, ' OR '),
    `case { ${many(300, (i) => `a=${i} | x:=${i}`, '; ')}; * }`,
    `in(a, values=[${many(6000, (i) => `"v${i}"`, ', ')}])`,
    `x := 1${'+n'.repeat(490)}`,
  ]) {
    const { plan } = compile({ name: 'query', text }, 'cql')
    assert.ok(plan, text.slice(0, 30))
    assert.ok(optimised(plan))
  }
})

test('a query reaches no file but those directly in the lookup folders', async () => {
  const lookups = join(folder, 'lookups')
  mkdirSync(lookups)
  put('secret.csv', 'aid,secret\na1,s\n')
  put('secret.cql', 'count()')
  for (const text of [
    `match(file="${folder}/secret.csv", field=aid)`,
    'match(file="../secret.csv", field=aid)',
    'match(file="../secret", field=aid)',
    'match(file="https://example.com/x.csv", field=aid)',
    '$"../secret"()',
    `$"${folder}/secret"()`,
    '$../secret()',
  ]) {
    const r = await run(text, [good], { lookups: [lookups] })
    assert.equal(r.ok, false, text)
    assert.ok(
      codesOf(r).some((c) => c === 'QIR501' || c === 'CQL153'),
      `${text}: ${codesOf(r)}`,
    )
  }
})

test('names and values are data to DuckDB, and what it cannot say runs beside it', async () => {
  const target = join(folder, 'written')
  const sql = `a\\"; COPY (SELECT 1) TO '${target}'; --`
  const text = `"x'; DROP TABLE t; --" != "'; COPY (SELECT 1) TO '${target}'; --" | aid=/(?<=a)[12]/
    | s := timestamp${'+timestamp'.repeat(30)} | test(s > 0) | groupBy([aid, "${sql}", s], function=count(as="n${sql}"))`
  const query = text.replace(`"${sql}", s`, 's')
  const results = await Promise.all((['duckdb', 'evaluator'] as const).map((engine) => run(query, [good], { engine })))
  for (const r of results) assert.ok(r.ok, r.diagnostics.map((d) => d.message).join('\n'))
  assert.equal(results[0]?.run?.engine.used, 'duckdb')
  assert.equal(results[0]?.table.rows.length, 2)
  assert.deepEqual(results[0]?.table, results[1]?.table)
  assert.ok(!existsSync(target))
})

test('what grows without end ends with words, not with a stack', async () => {
  const r = await run('format("%999999999s", field=aid, as=x)', [good], { engine: 'evaluator' })
  assert.deepEqual([r.ok, codesOf(r).at(-1)], [false, 'RUN103'])
  assert.ok(r.diagnostics.every((d) => !d.message.includes('\n') && d.message.length < 200))
})

const ASKED: readonly (readonly [Partial<QueryOptions>, string])[] = [
  [{ from: 'x' }, 'QIR502'],
  [{ from: '2026-02-30' }, 'QIR502'],
  [{ last: '0s' }, 'QIR502'],
  [{ tz: 'Mars/Olympus' }, 'QIR502'],
  [{ year: Number.NaN }, 'QIR502'],
  [{ view: 'nope' }, 'QIR503'],
  [{ from: '2026-01-02', to: '2026-01-01' }, 'QIR504'],
  [{ from: '2026-01-01', last: '1h' }, 'QIR504'],
  [{ semantics: ['nope=1'] }, 'QIR505'],
  [{ semantics: ['numeric-equality=nope'] }, 'QIR505'],
]
test('a call that makes no sense is refused', async () => {
  for (const [more, code] of ASKED) {
    const r = await run('count()', [good], more)
    assert.equal(r.ok, false, JSON.stringify(more))
    assert.deepEqual(codesOf(r), [code], JSON.stringify(more))
  }
})

test('a count of nothing says that the interval misses the telemetry; an assigned field is no absent one', async () => {
  const missed = await run('count()', [good], { from: '2027-01-01' })
  assert.deepEqual(codesOf(missed), ['QIR403'])
  const assigned = await run('x := timestamp * 2 | case { aid=a1 | y := "b"; * } | z := nothere', [good])
  const absent = assigned.diagnostics.filter((d) => d.code === 'LNT102')
  assert.deepEqual(
    absent.map((d) => (d.data as { fields: unknown }).fields),
    [['nothere']],
  )
})

test('odd values come back out of every format, and reach no terminal', async () => {
  const h = '\u001b[31mRED\u001b[0m\u0007 a,b "q" | <b>\r\n\u202eevil'
  const logs = put('odd.json', `${event(1, { h, f: '=cmd()', e: '' }).replace('}', ',"n":9007199254740993}')}\n`)
  const { table } = await run('select([h, f, e, n, gone])', [logs])
  const row = { h, f: '=cmd()', e: '', n: '9007199254740993' }
  assert.deepEqual(JSON.parse(render(table, 'json')), [row])
  assert.deepEqual(JSON.parse(render(table, 'ndjson')), row)
  const csv = render(table, 'csv')
  assert.equal(csv, `h,f,e,n,gone\r\n"${h.replaceAll('"', '""')}",=cmd(),"",9007199254740993,\r\n`)
  for (const format of ['table', 'markdown'] as const)
    assert.doesNotMatch(render(table, format), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  assert.deepEqual(
    readdirSync(tmpdir()).filter((f) => f.startsWith(`assay-${process.pid}-`)),
    [],
  )
})

test('names that every object has are names like others, numbers beyond all bounds are none', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const rule = (logsource: string, field: string) =>
      `title: T\nlogsource: {product: windows, category: ${logsource}}\ndetection:\n  sel:\n    ${field}: x\n  condition: sel\n`
    assert.deepEqual(errors(rule('process_creation', name), 'sigma'), [], name)
    assert.deepEqual(errors(rule(name, 'a'), 'sigma'), ['SIG130'], name)
  }
  for (const text of ['* | topk(9e999, a)', '* | dedup 9e999 by a', '* | timeslice 9e999 d | count by _timeslice'])
    assert.deepEqual(errors(text, 'sumo'), ['SUM008'], text)
})

const errors = (text: string, language: string): string[] =>
  compile({ name: 'query', text }, language)
    .diagnostics.filter((d) => d.severity === 'error')
    .map((d) => d.code)

test('a view that knows none of the formats says so, once it is named', async () => {
  const logs = [put('plain.csv', 'user,bytes\nann,1\nbob,2\n')]
  assert.ok(codesOf(await run('dest_port=21 | count()', logs, { view: 'network' })).includes('QIR305'))
  assert.ok(!codesOf(await run('dest_port=21 | count()', logs)).includes('QIR305'))
})
