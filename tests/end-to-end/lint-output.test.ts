// The outputs of lint for other programs, its baseline, its comments and its settings.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { hostileTexts } from '../../core/text/foreign-fixtures.ts'
import { assay } from './assay.ts'

const house = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'assay-lint-'))
before(() => process.chdir(folder))
after(() => {
  process.chdir(house)
  rmSync(folder, { recursive: true })
})
const file = (name: string, text: string): string => {
  writeFileSync(name, text)
  return name
}
const BROKEN = 'port in (20, 21) | a=1 | | sort(b)\n'
const HOSTILE = hostileTexts.map((t) => `a="x${t.replace(/["\\\r\n]/g, '')}|y" | b := high | | c=1`).join('\n')

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string
      readonly partialFingerprints: Readonly<Record<string, string>>
      readonly locations: readonly {
        readonly physicalLocation: { readonly region: Readonly<Record<string, number>> }
      }[]
    }[]
  }[]
}
const results = (out: string) => (JSON.parse(out) as Sarif).runs.flatMap((r) => r.results)

test('SARIF names rules, places and fingerprints, and a fingerprint survives lines above', async () => {
  const path = file('a.cql', BROKEN)
  const first = results((await assay('lint', path, '--format', 'sarif')).out)
  assert.deepEqual(
    first.map((r) => r.ruleId),
    ['CQL301', 'LNT410', 'CQL452'],
  )
  assert.deepEqual(first[0]?.locations[0]?.physicalLocation.region, {
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: 17,
  })
  file('a.cql', `// a comment\n\n${BROKEN}`)
  const later = results((await assay('lint', path, '--format', 'sarif')).out)
  const prints = (all: typeof first) => all.map((r) => r.partialFingerprints['assay/v1'])
  assert.deepEqual(prints(later), prints(first))
  assert.equal(new Set(prints(first)).size, first.length)
})

test('SARIF is valid against the schema of OASIS', async (t) => {
  const path = join(house, '.tmp/sarif-schema-2.1.0.json')
  if (!existsSync(path)) return t.skip('fetch the schema with `npx tsx tools/sarif-schema.ts`')
  const { default: Ajv } = await import('ajv')
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { $schema?: string; id?: string }
  // It is of draft 4, whose keywords here mean the same in later drafts but for `id`.
  delete schema.$schema
  delete schema.id
  const validate = new Ajv.default({ strict: false, validateFormats: false }).compile(schema)
  file('h.cql', HOSTILE)
  for (const args of [['a.cql'], ['h.cql'], ['none.cql'], ['a.cql', 'h.cql']]) {
    const { out } = await assay('lint', ...args, '--format', 'sarif')
    assert.ok(validate(JSON.parse(out)), JSON.stringify(validate.errors))
  }
})

test('GitHub gets at most ten annotations of a kind, each on one line that no text ends', async () => {
  file('many.cql', Array.from({ length: 30 }, (_, i) => `p${i} in (1, 2)`).join(' | '))
  file('h.cql', HOSTILE)
  const { out } = await assay('lint', 'many.cql', 'h.cql', '--format', 'github')
  const lines = out.trimEnd().split('\n')
  const commands = lines.filter((l) => l.startsWith('::'))
  for (const kind of ['error', 'warning', 'notice'])
    assert.ok(commands.filter((l) => l.startsWith(`::${kind} `)).length <= 10, kind)
  for (const l of commands)
    assert.match(
      l,
      /^::(?:error|warning|notice) (?:file=[^,:]+,line=\d+,col=\d+,endLine=\d+,endColumn=\d+,)?title=[^:,]+::/,
    )
  assert.match(lines.at(-1) ?? '', /^\d+ more are not shown/)
})

test('JUnit and Markdown keep texts from outside apart from their own', async () => {
  file('x.cql', 'a="</failure><b>|<script>" | `@everyone|x` in (1)\n')
  const { out: xml } = await assay('lint', 'x.cql', '--format', 'junit')
  assert.equal(xml.match(/<failure /g)?.length, xml.match(/<\/failure>/g)?.length)
  assert.doesNotMatch(xml, /<script|<b>/)
  const { out: page } = await assay('lint', 'x.cql', '--format', 'markdown')
  const rows = page.split('\n').filter((l) => l.startsWith('| '))
  for (const row of rows) assert.equal(row.match(/\|/g)?.length, 5, row)
  assert.doesNotMatch(page, /<script|<b>/)
})

test('a baseline accepts what is there, and a new mistake is reported', async () => {
  file('b.cql', BROKEN)
  const written = await assay('lint', 'b.cql', '--baseline', 'lint.json')
  assert.deepEqual([written.status, /lint\.json written: it accepts 3 diagnostics/.test(written.out)], [0, true])
  assert.equal((await assay('lint', 'b.cql', '--baseline', 'lint.json')).status, 0)
  file('b.cql', `${BROKEN.trim()} | risk := high | 5 in (1)\n`)
  const { status, out } = await assay('lint', 'b.cql', '--baseline', 'lint.json', '--fail-on', 'warnings')
  assert.equal(status, 1)
  assert.match(out, /LNT409/)
  file('lint.json', '[]')
  assert.equal((await assay('lint', 'b.cql', '--baseline', 'lint.json')).status, 2)
})

test('a comment ignores a diagnostic with a reason; others are reported', async () => {
  const text = [
    '// assay-ignore word-is-a-field: high is a field of our parser',
    'risk := high',
    '| other := low // assay-ignore LNT409',
    '| a=1 // assay-ignore LNT501: nothing here',
  ].join('\n')
  file('c.cql', `${text}\n| tail(5)\n`)
  const { diagnostics } = JSON.parse((await assay('lint', 'c.cql', '--format', 'json')).out) as {
    diagnostics: { code: string; line: number }[]
  }
  assert.deepEqual(
    diagnostics.map((d) => [d.code, d.line]),
    [
      ['LNT902', 3],
      ['LNT901', 4],
    ],
  )
})

test('assay.yml sets severities, for some paths others, and names what the tenant has', async () => {
  mkdirSync('old', { recursive: true })
  file(
    'assay.yml',
    'lint:\n  rules: {LNT410: error, implied-limit: off}\n  paths: [{files: ["old/*"], rules: {LNT410: off}}]\nknown: {functions: [ourFn], saved: ["pkg:ours"]}\n',
  )
  const text = 'a=1 | | sort(b) | ourFn() | $"pkg:ours"()\n'
  file('d.cql', text)
  file('old/d.cql', text)
  const codes = async (path: string) =>
    (
      JSON.parse((await assay('lint', path, '--format', 'json')).out) as {
        diagnostics: { code: string; severity: string }[]
      }
    ).diagnostics.map((d) => [d.code, d.severity])
  assert.deepEqual(await codes('d.cql'), [['LNT410', 'error']])
  assert.deepEqual(await codes('old/d.cql'), [])
  file('assay.yml', 'lint: {rules: {LNT41O: off}}\n')
  const { status, out } = await assay('lint', 'd.cql', '--format', 'json')
  assert.equal(status, 2)
  assert.match(out, /LNT903/)
  rmSync('assay.yml')
})

test('--diff shows what --fix would change; --fix=all applies proposals too', async () => {
  const path = file('e.cql', 'a and b or c\n| | tail(5)\n')
  const { out, status } = await assay('lint', path, '--diff')
  assert.equal(status, 0)
  assert.match(out, /^--- e\.cql\n\+\+\+ e\.cql\n@@ -1,2 \+1,2 @@\n a and b or c\n-\| \| tail\(5\)\n\+\| tail\(5\)\n/)
  assert.equal(readFileSync(path, 'utf8'), 'a and b or c\n| | tail(5)\n')
  await assay('lint', path, '--fix=all')
  assert.equal(readFileSync(path, 'utf8'), 'a and (b or c)\n| tail(5)\n')
})

test('with logs, JSON says once what holds of the logs, however many queries are linted', async () => {
  mkdirSync('unknown', { recursive: true })
  file('unknown/x.log', 'no known format\nnor here\n')
  const queries = ['one.cql', 'two.cql'].map((name, i) => file(name, `port=${i} | count()\n`))
  const { out } = await assay('lint', ...queries, '--logs', 'unknown', '--format', 'json')
  const { diagnostics } = JSON.parse(out) as { diagnostics: readonly { readonly code: string }[] }
  assert.ok(diagnostics.some((d) => d.code === 'LOG208'))
  assert.equal(new Set(diagnostics.map((d) => JSON.stringify(d))).size, diagnostics.length)
})
