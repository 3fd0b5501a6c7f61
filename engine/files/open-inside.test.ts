import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { testPage } from '../cases/test-cases.ts'
import { readQueryOf } from '../project/query-files.ts'
import { runQuery } from '../query/run-query.ts'
import { readInside } from './open-inside.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-inside-'))
const at = (path: string): string => join(root, path)
function put(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}
const EVENT = '{"@timestamp":1782032400000,"#event_simpleName":"NetworkConnectIP4","aid":"a"}\n'
const TABLE = 'aid,owner\na,ann\n'

/** In `home` every name of INSIDE may be read, and none of OUTSIDE. */
before(() => {
  for (const path of ['out/secret.csv', 'home/t.csv', 'home/below/t.csv', 'home/.hidden/t.csv', 'home-2/t.csv'])
    put(path, TABLE)
  for (const path of ['out/secret.ndjson', 'home/t.ndjson']) put(path, EVENT)
  for (const path of ['out/secret.cql', 'home/t.cql', 'home/Saved.cql']) put(path, '*\n')
  symlinkSync('t.csv', at('home/inner.csv'))
  for (const end of ['csv', 'ndjson', 'cql']) symlinkSync(`../out/secret.${end}`, at(`home/link.${end}`))
  symlinkSync('../out', at('home/linked'))
  symlinkSync('gone.csv', at('home/dangling.csv'))
  if (process.platform !== 'win32') execFileSync('mkfifo', [at('home/pipe.csv')])
})
after(() => rmSync(root, { recursive: true }))

const INSIDE = ['t.csv', './t.csv', 'below/t.csv', 'below/../t.csv', '../home/t.csv', 'inner.csv']
/** Name → code. */
const OUTSIDE: Readonly<Record<string, string>> = {
  '../out/secret.csv': 'RUN020',
  'below/../../out/secret.csv': 'RUN020',
  '../home-2/t.csv': 'RUN020',
  '../gone.csv': 'RUN020',
  'link.csv': 'RUN020',
  'linked/secret.csv': 'RUN020',
  '.hidden/t.csv': 'RUN020',
  '..\\out\\secret.csv': 'RUN020',
  'C:\\out\\secret.csv': 'RUN020',
  'C:/out/secret.csv': 'RUN020',
  't.csv\0.md': 'RUN020',
  '/dev/null': 'RUN020',
  'gone.csv': 'RUN021',
  'dangling.csv': 'RUN021',
  't.csv/t.csv': 'RUN021',
  below: 'RUN022',
  '.': 'RUN020',
  ...(process.platform !== 'win32' && { 'pipe.csv': 'RUN022' }),
}
const reach = () => ({ from: at('home'), roots: [at('home')] })
const codeOf = (read: ReturnType<typeof readInside>): string =>
  read.ok ? read.value : (read.diagnostics[0]?.code ?? '')

test('a file inside the roots is read: relative, absolute, through links that stay inside', () => {
  for (const name of [...INSIDE, at('home/t.csv')]) assert.equal(codeOf(readInside(reach(), name)), TABLE, name)
  assert.equal(codeOf(readInside({ from: at('home'), roots: [at('home'), at('out')] }, 'link.csv')), TABLE)
})

test('what lies outside is refused with its code, whatever the name looks like', () => {
  for (const [name, code] of Object.entries({ ...OUTSIDE, [at('out/secret.csv')]: 'RUN020' }))
    assert.equal(codeOf(readInside(reach(), name)), code, name)
})

test('what is larger than the bound is refused before it is read', () => {
  assert.equal(codeOf(readInside({ ...reach(), mostBytes: TABLE.length }, 't.csv')), TABLE)
  assert.equal(codeOf(readInside({ ...reach(), mostBytes: TABLE.length - 1 }, 't.csv')), 'RUN022')
})

test('a page that names telemetry, a lookup or a query outside fails with the code, and shows nothing of the file', async () => {
  const blocks = (name: string) => [
    `\`\`\`lookup name=x file=${name}.csv\n\`\`\``,
    `\`\`\`events file=${name}.ndjson\n\`\`\``,
    `\`\`\`cql file=${name}.cql\n\`\`\`\n\`\`\`result\naid:str\na\n\`\`\``,
  ]
  for (const name of ['../out/secret', 'link', 'linked/secret', '..\\out\\secret', at('out/secret')]) {
    const text = `# t\n\n## c\n${blocks(name).join('\n')}\n`
    const { cases } = await testPage({ name: at('home/a.case.md'), text }, { executors: [] })
    const failures = cases.flatMap((c) => c.failures)
    assert.equal(failures.filter((f) => f.what.startsWith('RUN020: ')).length, 3, name)
    assert.ok(!JSON.stringify(failures).includes('ann'), name)
    const offered = await testPage({ name: at('home/a.case.md'), text }, { executors: [], roots: [at('out')] })
    const left = offered.cases.flatMap((c) => c.failures).filter((f) => f.what.startsWith('RUN020: '))
    assert.equal(left.length, name.includes('\\') ? 3 : 0, `${name}, offered by the caller`)
  }
})

test('the page of a detection stays in its folder, whatever the caller offers', async () => {
  put('detection/detection.yml', '')
  const text = '# t\n\n## c\n```lookup name=x file=../../out/secret.csv\n```\n'
  const page = { name: at('detection/tests/a.case.md'), text }
  mkdirSync(at('detection/tests'))
  const { cases } = await testPage(page, { executors: [], roots: [at('out')] })
  assert.match(JSON.stringify(cases), /RUN020/)
})

test('a query reaches lookups and saved queries in the folders offered, not through links out of them', async () => {
  const codes = async (query: string) => {
    const source = { name: 'q', text: query }
    const done = await runQuery({ query: source, language: 'cql', logs: [at('home/t.ndjson')], lookups: [at('home')] })
    return done.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
  }
  assert.deepEqual(await codes('* | match(file="t.csv", field=aid, column=aid)'), [])
  assert.deepEqual(await codes('* | match(file="link.csv", field=aid, column=aid)'), ['RUN020'])
  assert.deepEqual(await codes('* | $Saved()'), [])
  assert.ok((await codes('* | $link()')).includes('RUN020'))
})

test('a detection reaches queries of its own folder', () => {
  const codesOf = (name: string) => {
    const read = readQueryOf(at('home'), name)
    return read.ok ? [] : read.diagnostics.map((d) => d.code)
  }
  assert.deepEqual(codesOf('../out/secret.cql'), ['RUN020'])
  assert.deepEqual(codesOf('link.cql'), ['RUN020'])
  assert.deepEqual(codesOf('t.cql'), [])
})
