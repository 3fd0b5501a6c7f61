// assay new for its caller: the folder that it makes, and the inputs that it refuses without leaving files.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { assayIn } from './assay.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), 'assay-new-'))
})
const roots: string[] = []
after(() => {
  for (const at of roots) rmSync(at, { recursive: true, force: true })
})

async function assay(...args: string[]) {
  roots.push(root)
  const outcome = await assayIn(root, ...args)
  return { ...outcome, codes: [...outcome.err.matchAll(/\[(\w+)\]/g)].map((m) => m[1]) }
}
const files = (at = root): string[] => readdirSync(at, { recursive: true, encoding: 'utf8' }).sort()

test('a folder is made, its tests pass with its placeholders told, and no catalogue takes it', async () => {
  const { status, out } = await assay('new', 't1048.003', '--name', 'Big uploads')
  assert.deepEqual([status, out], [0, 'detections/T1048.003-big-uploads\n'])
  const tested = await assay('test', 'detections')
  assert.equal(tested.status, 0, tested.err)
  assert.match(tested.out, /^\d+ passed, 0 failed$/m)
  assert.deepEqual([...new Set(tested.codes)], ['DET141'])
  const asJson = JSON.parse((await assay('test', 'detections', '--format', 'json')).out) as Record<
    string,
    { line: number }[]
  >
  assert.ok(asJson['diagnostics']?.length === tested.codes.length && asJson['diagnostics'].every((d) => d.line > 0))
  const published = await assay('catalog', 'build', 'detections', '--out', 'site', '--no-mutation')
  assert.equal(published.status, 2)
  assert.ok(published.codes.includes('DET142'))
  assert.ok(!files().includes('site'))
})

test('one platform, a folder of its own, JSON', async () => {
  const { status, out } = await assay('new', 'T1059', 'rules/shells', '--platform', 'sumo', '--format', 'json')
  const said = JSON.parse(out) as { folder: string; id: string; files: string[] }
  assert.equal(status, 0)
  assert.deepEqual([said.folder, said.id], ['rules/shells', 'shells'])
  assert.ok(said.files.includes('sumo.sumo') && !said.files.includes('logscale.cql'))
  assert.deepEqual(
    files(join(root, 'rules/shells')).filter((f) => f.includes('.')),
    [...said.files].sort(),
  )
})

test('what is refused leaves nothing behind', async () => {
  mkdirSync(join(root, 'there'))
  writeFileSync(join(root, 'file'), '')
  const outside = mkdtempSync(join(tmpdir(), 'assay-outside-'))
  roots.push(outside)
  symlinkSync(outside, join(root, 'way-out'))
  symlinkSync('nowhere', join(root, 'dangling'))
  const before = files()
  const refused: [string[], string[]][] = [
    [['T9999'], ['RUN060']],
    [['T1562.001'], ['RUN061']],
    [['T1048', '--platform', 'splunk'], ['RUN062']],
    [['T1048', 'there'], ['RUN063']],
    [['T1048', 'file'], ['RUN063']],
    [['T1048', 'dangling'], ['RUN063']],
    [['T1048', '.'], ['RUN063']],
    [['T1048', '..'], ['RUN063']],
    [['T1048', '../beside'], ['RUN063']],
    [['T1048', '/tmp/assay-beside'], ['RUN063']],
    [['T1048', 'a/../../beside'], ['RUN063']],
    [['T1048', 'way-out/new'], ['RUN063']],
    [['T1048', 'way-out/deep/new'], ['RUN063']],
    [['T1048', 'two words'], ['RUN063']],
    [['T1048', '.hidden'], ['RUN063']],
    [['T1048', 'file/below'], ['RUN003']],
    [['T1048', '--name', '///'], ['RUN064']],
    [
      ['T9999', '--platform', 'x', '--name', '?'],
      ['RUN060', 'RUN062', 'RUN064'],
    ],
  ]
  for (const [args, codes] of refused) {
    const { status, out, codes: got } = await assay('new', ...args)
    assert.deepEqual([status, out, got], [2, '', codes], args.join(' '))
  }
  assert.equal((await assay('new')).status, 2)
  assert.deepEqual(files(), before)
})

test('a folder that cannot be written leaves nothing, not even its parents', async () => {
  const { status, codes } = await assay('new', 'T1048', `deep/er/${'x'.repeat(252)}`)
  assert.deepEqual([status, codes], [2, ['RUN003']])
  assert.deepEqual(files(), [])
})
