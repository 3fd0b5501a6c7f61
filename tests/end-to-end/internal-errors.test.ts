// An exception that no code expects: it is the diagnostic of its own file, and the others go on.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { languageNamed } from '../../core/workbench/compile.ts'
import { testPage } from '../../engine/cases/test-cases.ts'
import { assay } from './assay.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-broken-'))
after(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'a-broken.cql'), 'bang=1\n')
writeFileSync(join(folder, 'b-wrong.cql'), 'groupBy([x\n')

/** While `work` runs, the parser and the layout of CQL fail on texts with `bang`. */
async function withBrokenParser<T>(work: () => Promise<T>): Promise<T> {
  const cql = languageNamed('cql') as unknown as {
    format: (source: { text: string }) => unknown
    read: { parse: (source: { text: string }, context: unknown) => unknown }
  }
  const { format } = cql
  const { parse } = cql.read
  const checked = <S extends { text: string }>(source: S): S => {
    if (source.text.includes('bang')) throw new TypeError('bang is not a function')
    return source
  }
  cql.format = (source) => format(checked(source))
  cql.read.parse = (source, context) => parse(checked(source), context)
  try {
    return await work()
  } finally {
    cql.format = format
    cql.read.parse = parse
  }
}

test('lint and fmt: status 3, the broken file is named, the next one is read', async () => {
  const { lint, fmt } = await withBrokenParser(async () => ({
    lint: await assay('lint', folder),
    fmt: await assay('fmt', '--check', folder),
  }))
  assert.equal(lint.status, 3)
  assert.match(lint.out, /error\[RUN900\]: internal error: TypeError: bang is not a function.*a-broken\.cql/s)
  assert.match(lint.out, /error\[CQL102\].*b-wrong\.cql/s)
  assert.match(lint.out, /fix: report it with the output of `assay --version`/)
  assert.equal(fmt.status, 3)
  assert.match(fmt.err, /RUN900.*a-broken\.cql/s)
  assert.match(fmt.err, /CQL102/)
})

test('a case that meets an exception fails, and the next one passes', async () => {
  const events = '# P\n```events\n{"#repo":"x","@timestamp":1782032400000,"n":"1"}\n```\n'
  const of = (title: string, query: string) => `## ${title}\n\`\`\`cql\n${query}\n\`\`\`\n\`\`\`fires\n\`\`\`\n`
  const text = events + of('broken', 'bang=1') + of('fine', 'n=1')
  const { cases } = await withBrokenParser(() => testPage({ name: 'p.case.md', text }, { executors: [] }))
  assert.deepEqual(
    cases.map((c) => [c.title, c.status]),
    [
      ['broken', 'failed'],
      ['fine', 'passed'],
    ],
  )
  assert.match(cases[0]?.failures[0]?.detail[0] ?? '', /RUN900/)
})

test('a file of a detection whose name is not UTF-8 is named, and the cases run', {
  skip: process.platform !== 'linux',
}, async () => {
  const detection = join(folder, 'T1071.002-names')
  cpSync('detections/T1071.002-file-transfer-protocols', detection, { recursive: true })
  writeFileSync(Buffer.concat([Buffer.from(join(detection, 'a')), Buffer.of(0xff), Buffer.from('.csv')]), 'a\n')
  const { status, out, err } = await assay('test', detection, '--filter', 'no case has this title')
  rmSync(detection, { recursive: true })
  assert.equal(status, 2)
  assert.match(out + err, /error\[RUN012\]: cannot read .*a.\.csv/)
  assert.doesNotMatch(out + err, /RUN900/)
})
