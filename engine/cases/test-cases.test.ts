import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { testPage } from './test-cases.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-cases-'))
after(() => rmSync(root, { recursive: true }))

const EVENT = '{"@timestamp":1782032400000,"#event_simpleName":"NetworkConnectIP4","aid":"a"}\n'
const page = (file: string) =>
  `# t\n\n## c\n\`\`\`events file=${file}\n\`\`\`\n\`\`\`cql\n*\n\`\`\`\n\`\`\`fires\n\`\`\`\n`

/** Problems of a case in `home/tests/` that reads its telemetry from a file. */
async function reading(home: string, file: string): Promise<string[]> {
  const name = join(root, home, 'tests/a.case.md')
  const { cases } = await testPage({ name, text: page(file) }, { executors: [] })
  return cases.flatMap((c) => c.failures.map((f) => f.what))
}

test('a page of a detection reads its folder only; another page its own folder', async () => {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  put('outside.ndjson', EVENT)
  put('detection/detection.yml', '')
  put('detection/in.ndjson', EVENT)
  put('detection/tests/a.case.md', '')
  put('detection-2/in.ndjson', EVENT)
  put('pages/tests/a.case.md', '')
  symlinkSync('../outside.ndjson', join(root, 'detection/link.ndjson'))
  symlinkSync('in.ndjson', join(root, 'detection/inner.ndjson'))
  const refused = (file: string) => [
    `RUN020: Assay does not open \`${file}\`: it is outside the allowed folders`,
    'expected to fire, but stayed quiet',
  ]
  assert.deepEqual(await reading('detection', '../in.ndjson'), [])
  assert.deepEqual(await reading('detection', '../inner.ndjson'), [])
  for (const file of ['../../outside.ndjson', '../link.ndjson', '../../detection-2/in.ndjson'])
    assert.deepEqual(await reading('detection', file), refused(file))
  put('pages/tests/in.ndjson', EVENT)
  assert.deepEqual(await reading('pages', 'in.ndjson'), [])
  assert.deepEqual(await reading('pages', '../../outside.ndjson'), refused('../../outside.ndjson'))
})

test('telemetry in which nobody sees an event is told', async () => {
  const text = page('x').replace('events file=x\n', 'events format=csv\nname,place\n').replace('fires', 'quiet')
  const { cases } = await testPage({ name: join(root, 'p.case.md'), text }, { executors: [] })
  assert.deepEqual(
    cases.flatMap((c) => c.failures.map((f) => `${f.line} ${f.what}`)),
    ['4 this telemetry has no event, read as csv'],
  )
})
