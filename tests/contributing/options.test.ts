// An option is a record. This test removes one from a copy of the repository and restores it, and does the same with a format of rows. It
// counts the changed files. The compiler must report the place that uses the removed record.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { houseCopy } from './house-copy.ts'

const copy = houseCopy()
const promises = readFileSync('CONTRIBUTING.md', 'utf8')
after(() => {
  for (const path of ['a.case.md', 'a.ndjson']) copy.remove(path)
  for (const path of ['cli/commands/test.ts', 'cli/test.ts']) copy.restore(path)
})

function replace(path: string, find: string, put: string): void {
  const text = copy.read(path)
  assert.ok(text.includes(find), `${path} has ${find}`)
  copy.write(
    path,
    text.replace(find, () => put),
  )
}

const OPTION = "  filter: text('text', 'only cases with this text in the title'),\n"
/** A format of rows, whose file is removed and restored too. */
const ROWS = 'cli/formats/ndjson.ts'
const USE = '    filter: flags.filter,\n'

test('an option is its record and its use: 2 files, and a use without a record does not compile', () => {
  assert.match(promises, /^## Add an option of a command \(2 files\)$/m)
  replace('cli/commands/test.ts', OPTION, '')
  replace('cli/test.ts', USE, `${USE}    roots: [flags.fliter],\n`)
  const complaints = copy.complaints().filter((line) => /: error/.test(line))
  for (const name of ['filter', 'fliter']) {
    const [first, ...more] = complaints.filter((line) => line.includes(`'${name}'`))
    assert.match(first ?? '', /^cli\/test\.ts\(/)
    assert.deepEqual(more, [])
  }
  assert.deepEqual(copy.broken(complaints), ['cli/test.ts'])
  copy.restore('cli/test.ts')
  replace('cli/test.ts', USE, '')
  // Nothing else needs a format of rows either.
  copy.remove(ROWS)
  copy.generate()
  assert.deepEqual(copy.broken(), [])
  assert.match(copy.assay('test', '--filter', 'x').stderr, /unknown option '--filter'/)
  assert.doesNotMatch(copy.assay('test', '--help').stdout, /--filter/)

  replace('cli/commands/test.ts', '  accept: flag(', `${OPTION}  accept: flag(`)
  replace('cli/test.ts', '    accept: flags.accept,\n', `${USE}    accept: flags.accept,\n`)
  assert.match(copy.assay('test', '--help').stdout, /--filter <text>\s+only cases with this text in the title/)
  copy.write('a.case.md', '# t\n\n## one\n\n## two\n')
  assert.match(copy.assay('test', 'a.case.md', '--filter', 'two').stdout, /^0 passed, 1 failed$/m)
})

test('a format of rows is one file', () => {
  assert.match(promises, /^## Add a format of rows \(1 file\)$/m)
  const query = ['run', '#event_simpleName=* | count()', 'a.ndjson', '--lang', 'cql', '--format', 'ndjson']
  copy.write('a.ndjson', '{"@timestamp":1782032400000,"#event_simpleName":"NetworkConnectIP4","aid":"a"}\n')
  assert.match(copy.assay(...query).stderr, /Allowed choices are csv, json, markdown, table/)
  copy.restore(ROWS)
  copy.generate()
  assert.equal(copy.assay(...query).stdout, '{"_count": 1}\n')
})
