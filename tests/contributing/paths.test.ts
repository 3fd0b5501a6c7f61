// CONTRIBUTING.md has the number of files of each kind of addition. This test makes each addition in a copy of the core, from the templates
// beside this file. It answers the errors of the compiler, runs the addition, and counts the changed files.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { HouseCopy } from './house-copy.ts'

const house = resolve(import.meta.dirname, '../..')
const template = (name: string): string =>
  readFileSync(join(house, 'tests/contributing/templates', `${name}.txt`), 'utf8')
const promises = readFileSync(join(house, 'CONTRIBUTING.md'), 'utf8')

/** A copy of the core, with the files that each addition changed. */
class Copy extends HouseCopy {
  readonly touched = new Map<string, Set<string>>()

  add(why: string, path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    this.write(path, text)
    if (!this.touched.has(why)) this.touched.set(why, new Set())
    this.touched.get(why)?.add(path)
  }

  edit(why: string, path: string, ...changes: readonly (readonly [find: RegExp | string, put: string])[]): void {
    let text = this.read(path)
    for (const [find, put] of changes) {
      const next = text.replace(find, () => put)
      assert.notEqual(next, text, `the template edit of ${path} finds no ${find}`)
      text = next
    }
    this.add(why, path, text)
  }

  /** Errors of the compiler by file. */
  compile(): readonly Complaint[] {
    return this.complaints().flatMap((line) => {
      const m = /^(\S+?)\((\d+),(\d+)\): error (.*)$/.exec(line)
      return m ? [{ file: m[1] as string, line: Number(m[2]), column: Number(m[3]), what: m[4] as string }] : []
    })
  }
}
interface Complaint {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly what: string
}

interface Tried {
  readonly said: readonly string[]
  readonly rows: readonly unknown[] | null
  readonly remedies: readonly string[]
}
interface Answer {
  readonly cql: Tried
  readonly sumo: Tried
  readonly operator: Tried
  readonly nearMiss: Tried
  readonly strict: Tried
  readonly recognised: string
  readonly read: unknown
  readonly bad: unknown
  readonly stage: {
    readonly problems: readonly string[]
    readonly wrong: readonly string[]
    readonly printed: string
    readonly evaluator: unknown
    readonly duckdb: unknown
  }
  readonly engine: { readonly rows: unknown; readonly tail: string }
}

/** A lint rule, whose folder is removed from the copy and restored. */
const RULE = 'core/lint/rules/never-passes/rule.ts'

/** A Sumo operator that no near-miss needs. Its file is removed from the copy and restored. */
const OPERATOR = 'core/lang/sumo/builtins/topk.ts'

let copy: Copy
let without: { readonly operator: Tried; readonly others: Tried }
let mentions: readonly string[]
let codesWithout: readonly string[]
let codesWith: readonly string[]
let named: readonly Complaint[]
let answer: Answer

const isAboutEngine = (c: Complaint): boolean => c.what.includes("'template'")

// ── a stage: absent texts get a value ──

function addStage(): void {
  copy.edit(
    'stage',
    'core/plan/plan.ts',
    ['  | Filter\n', '  | Fill\n  | Filter\n'],
    [
      '// relation stages\n',
      "export interface Fill {\n  readonly kind: 'fill'\n  readonly columns: readonly string[]\n  readonly value: string\n}\n\n// relation stages\n",
    ],
  )
}

/** Every file but plan.ts. The compiler must report each of them, row-stages.ts through its caller. */
const answers: Readonly<Record<string, string>> = {
  'core/plan/walk.ts': 'return s',
  'core/plan/schema.ts': 'return schema',
  'core/plan/needs.ts': 'for (const id of stage.columns) out.add(id)\n      return out',
  'core/plan/total-order.ts': 'return dropOverwritten(before, new Set(s.columns))',
  'core/plan/print.ts': "return ['fill', list(s.columns.map(name)), 'with', JSON.stringify(s.value)].join(' ')",
  'core/passes/0-verify.ts':
    "for (const id of s.columns) if (this.schema.columns.get(id) !== 'str') this.say(['fills ', id, ', which is no text'].join(''))\n        return",
  'core/sql/emitter.ts':
    "return this.stage({ kind: 'set', columns: stage.columns.map((id) => ({ id, expr: filled(id, stage.value) })) }, block)",
  'core/lint/reach.ts': 'return new Map([...state].filter(([id]) => !stage.columns.includes(id)))',
}

function answerStage(): void {
  for (const [file, body] of Object.entries(answers)) {
    copy.edit('stage', file, [/^( *)case 'unnest':/m, `    case 'fill':\n      ${body}\n    case 'unnest':`])
  }
  copy.edit('stage', 'core/sql/emitter.ts', [
    /^import /m,
    "import * as build from '../plan/build.ts'\nconst own = (id: string) => build.col(id, 'str')\nconst filled = (id: string, value: string) => build.iff(build.present(own(id)), own(id), build.text(value))\nimport ",
  ])
  copy.edit(
    'stage',
    'core/eval/row-stages.ts',
    ['import type { Filter', 'import type { Fill, Filter'],
    ['type RowStage = Filter', 'type RowStage = Fill | Filter'],
    ['= { filter: true', '= { fill: true, filter: true'],
    [/^ *case 'filter':/m, "    case 'fill':\n      return fill(stage, layout)\n    case 'filter':"],
    [
      'function filter(',
      `function fill(stage: Fill, layout: Layout): CompiledStage {
  const slots = new Set(stage.columns.map((id) => layout.get(id)))
  return {
    layout,
    sink: (next) => ({
      push: (row) => next.push(row.map((v, i) => (v === null && slots.has(i) ? stage.value : v))),
      end: () => next.end(),
    }),
  }
}

function filter(`,
    ],
  )
}

// ── an engine ──

function addEngine(): void {
  copy.add('engine', 'core/sql/template/dialect.ts', template('engine'))
  copy.edit('engine', 'core/prims/prim.ts', ["'clickhouse' | 'duckdb'", "'clickhouse' | 'duckdb' | 'template'"])
  copy.edit(
    'engine',
    'core/sql/dialects.ts',
    ['{ clickhouse, duckdb }', '{ clickhouse, duckdb, template }'],
    [/^import /m, "import { template } from './template/dialect.ts'\nimport "],
  )
}

/** Adds an answer wherever the compiler misses the engine: DuckDB's in the two common tables, `tail` in every primitive. */
function answerEngine(complaints: readonly Complaint[]): void {
  const common: Record<string, string> = {
    'core/prims/kit.ts': ' template: form,',
  }
  const tables = ['sqlTypes', 'quote', 'lawTag'].map((name) => [name, copy.read('core/prims/laws.ts')] as const)
  // From the end to the start, so that earlier places stay valid.
  const backwards = [...complaints].sort((a, b) => b.line - a.line || b.column - a.column)
  for (const { file, line, column } of backwards) {
    const text = copy.read(file)
    const at =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + column
    const table = tables.find(([name]) => text.startsWith(name, at))?.[0]
    const put = common[file] ?? (table ? ` template: like('${table}'),` : " template: { tail: 'not said yet' },")
    // `sql` or `sql: name` is a record that several primitives share. This primitive gets its own.
    const shared = /^sql(?:: (\w+))?(?=[,\n ]| })/.exec(text.slice(at))
    const open = text.indexOf('{', at) + 1
    const answered = shared
      ? `${text.slice(0, at)}sql: { ...${shared[1] ?? 'sql'},${put} }${text.slice(at + shared[0].length)}`
      : text.slice(0, open) + put + text.slice(open)
    copy.add('engine', file, answered)
  }
  // The tables of laws.ts take DuckDB's entries.
  copy.edit(
    'engine',
    'core/prims/laws.ts',
    [
      " template: like('sqlTypes'),",
      " template: { str: 'varchar', dec: 'varchar', int: 'hugeint', num: 'double', time: 'bigint', bool: 'boolean', list: 'varchar[]' },",
    ],
    [" template: like('quote'),", ' template: (text) => quote.duckdb(text),'],
    [" template: like('lawTag'),", ' template: sqlTag((t) => quote.duckdb(t), (n) => JSON.stringify(n)),'],
  )
}

/** Files of the Sumo language in the copy whose text has a match. */
const filesThatName = (word: RegExp): string[] =>
  readdirSync(join(copy.root, 'core/lang/sumo'), { recursive: true, encoding: 'utf8' })
    .map((f) => `core/lang/sumo/${f}`)
    .filter((f) => f.endsWith('.ts') && !f.endsWith('_index.ts') && word.test(copy.read(f)))

// ── the promises ──

before(() => {
  copy = new Copy(['core'])
  copy.add('function', 'core/lang/cql/builtins/template-shout.ts', template('function.cql'))
  copy.add('Sumo function', 'core/lang/sumo/builtins/template-shout.ts', template('function.sumo'))
  copy.add('log format', 'core/logs/formats/template.ts', template('format'))
  copy.add('near-miss', 'core/lang/cql/near-misses/template-present.ts', template('near-miss.cql'))
  addStage()
  addEngine()
  writeFileSync(join(copy.root, 'try.ts'), template('try'))
  const operator = copy.read(OPERATOR)
  rmSync(join(copy.root, OPERATOR))
  const rule = copy.read(RULE)
  rmSync(dirname(join(copy.root, RULE)), { recursive: true })
  mentions = filesThatName(/\btopk\b/i)
  copy.generate()
  // try.ts compiles only after all answers, so its errors are ignored until then.
  named = copy.compile().filter((c) => c.file !== 'try.ts')
  writeFileSync(join(copy.root, 'try-operator.ts'), template('try-operator'))
  writeFileSync(join(copy.root, 'try-rule.ts'), template('try-rule'))
  without = JSON.parse(copy.node('try-operator.ts')) as typeof without
  codesWithout = JSON.parse(copy.node('try-rule.ts')) as string[]
  copy.add('Sumo operator', OPERATOR, operator)
  copy.add('lint rule', RULE, rule)
  copy.generate()
  answerStage()
  answerEngine(named.filter(isAboutEngine))
  assert.deepEqual(copy.compile(), [])
  answer = JSON.parse(copy.node('try.ts')) as Answer
  codesWith = JSON.parse(copy.node('try-rule.ts')) as string[]
})
after(() => rmSync(copy.root, { recursive: true, force: true }))

/** The number of files in the heading of a path, as written. */
function counted(what: string): string {
  const m = new RegExp(`^## Add an? ${what} \\((.*)\\)$`, 'm').exec(promises)
  assert.ok(m, `CONTRIBUTING.md has no counted path "${what}"`)
  return m[1] as string
}
const files = (n: number): string => `${n} ${n === 1 ? 'file' : 'files'}`
const touchedFor = (why: string): string[] => [...(copy.touched.get(why) ?? [])]

test('a function is one file, in CQL and in Sumo', () => {
  assert.equal(counted('function'), files(touchedFor('function').length))
  assert.equal(touchedFor('Sumo function').length, 1)
  assert.deepEqual(answer.cql, { said: [], rows: [['ANN']], remedies: [] })
  assert.deepEqual(answer.sumo.rows, [['ANN']])
  assert.ok(answer.sumo.said.every((d) => d.startsWith('info ')))
})

test('a Sumo operator is one file: without it all compiles and only its word is gone, with it all is back', () => {
  assert.equal(counted('Sumo operator'), files(touchedFor('Sumo operator').length))
  assert.deepEqual(mentions, [])
  assert.ok(named.every((c) => !c.file.startsWith('core/lang/sumo/')))
  assert.deepEqual(without.operator, { said: ['error SUM201'], rows: null, remedies: without.operator.remedies })
  assert.deepEqual(without.others.rows, [['ann']])
  assert.ok(answer.operator.said.every((d) => d.startsWith('info ')))
  assert.deepEqual(answer.operator.rows, [['ann']])
})

test('a lint rule is one folder: without it all compiles and only its code is missing', () => {
  assert.equal(counted('lint rule'), '1 folder')
  assert.deepEqual(touchedFor('lint rule').map(dirname), [dirname(RULE)])
  assert.ok(named.every((c) => !c.file.startsWith('core/lint/rules/')))
  assert.deepEqual(codesWithout, ['LNT101', 'LNT104', 'LNT105'])
  assert.deepEqual(codesWith, ['LNT101', 'LNT104', 'LNT105', 'LNT106'])
})

test('a log format is one file', () => {
  assert.equal(counted('log format'), files(touchedFor('log format').length))
  assert.equal(answer.recognised, 'template')
  assert.deepEqual(answer.read, {
    fields: [
      ['user', 'ann'],
      ['action', 'login'],
    ],
    time: String(Date.UTC(2026, 2, 2, 4, 5, 6) * 1000),
  })
  assert.deepEqual(answer.bad, { bad: 'not a line of the template' })
})

test('a near-miss is one file: taken with a warning that shows the rewrite, refused when strict', () => {
  assert.equal(counted('near-miss'), files(touchedFor('near-miss').length))
  assert.deepEqual(answer.nearMiss.said, ['warning CQL399'])
  assert.deepEqual(answer.nearMiss.rows, [['ann']])
  assert.match(answer.nearMiss.remedies.join(), /user=\*/)
  assert.deepEqual([answer.strict.said, answer.strict.rows], [['error CQL399'], null])
})

test('a kind of stage is as many files as said, and the compiler names all but the first', () => {
  const touched = touchedFor('stage')
  assert.equal(counted('stage'), files(touched.length))
  const byCompiler = new Set(named.filter((c) => !isAboutEngine(c)).map((c) => c.file))
  const expected = touched.filter((f) => f !== 'core/plan/plan.ts')
  assert.deepEqual([...byCompiler].sort(), expected.map((f) => f.replace('eval/row-stages', 'eval/relation')).sort())
  for (const file of expected)
    assert.ok(promises.includes(file.replace(/^core\//, '')), `CONTRIBUTING.md names ${file}`)
  const { stage } = answer
  assert.deepEqual(stage.problems, [])
  assert.deepEqual(stage.wrong, ['out.0: fills b, which is no text'])
  assert.match(stage.printed, /fill a with "none"/)
  assert.deepEqual([stage.evaluator, stage.duckdb], [[{ a: 'none' }], [['none']]])
})

test('an engine is one folder, the files said, and an answer where the compiler asks for one', () => {
  const touched = touchedFor('engine')
  const families = touched.filter((f) => f.startsWith('core/prims/families/'))
  const common = touched.filter((f) => !families.includes(f) && !f.startsWith('core/sql/template/'))
  assert.equal(counted('engine'), `1 folder + ${files(common.length)}, and an answer for each primitive`)
  for (const file of common) assert.ok(promises.includes(file), `CONTRIBUTING.md names ${file}`)
  const asked = new Set(named.filter(isAboutEngine).map((c) => c.file))
  assert.ok(families.length >= 10 && families.every((f) => asked.has(f)))
  // `str.eq` has a form that engines share; `num.sqrt` was answered with `tail`.
  assert.deepEqual(answer.engine, { rows: [['none']], tail: 'not said yet' })
})
