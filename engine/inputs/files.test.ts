// Links among telemetry: logs may come with a pull request, and a link could show any file of the machine that reads them.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listInputs } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'files-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

mkdirSync(at('logs/deep'), { recursive: true })
mkdirSync(at('outside'))
for (const name of ['logs/a.log', 'logs/deep/b.log', 'outside/secret.log']) writeFileSync(at(name), 'x\n')
symlinkSync(at('outside/secret.log'), at('logs/file-out'))
symlinkSync(at('outside'), at('logs/folder-out'))
symlinkSync(at('logs/deep/b.log'), at('logs/deep/inside'))
symlinkSync(at('logs/nothing'), at('logs/dead'))
symlinkSync(at('logs'), at('link-to-logs'))
mkdirSync(at('project/.git'), { recursive: true })
for (const name of ['project/.git/config', 'project/a.log']) writeFileSync(at(name), 'x\n')
symlinkSync('.git/config', at('project/to-hidden'))
symlinkSync('.git', at('project/to-hidden-folder'))

async function list(...specs: readonly string[]): Promise<{ files: readonly string[]; says: readonly string[] }> {
  const { inputs, diagnostics } = await listInputs(specs.map(at))
  // The first name of a file counts.
  return {
    files: inputs.map((i) => i.name.slice(folder.length + 1)),
    says: diagnostics.map((d) => `${d.code} ${d.severity} ${d.message.replaceAll(`${folder}/`, '')}`),
  }
}

const DEAD = 'LOG102 error cannot read logs/dead: the target of the link does not exist'
const OUT = 'LOG104 warning 2 links lead out of the folders that are read, and were left out; one is logs/file-out'

test('a folder: links inside it are followed, others are counted', async () => {
  assert.deepEqual(await list('logs'), { files: ['logs/a.log', 'logs/deep/b.log'], says: [DEAD, OUT] })
})

test('a glob: as the folder that it begins with', async () => {
  assert.deepEqual((await list('logs/**/*')).files, ['logs/a.log', 'logs/deep/b.log'])
  assert.deepEqual(await list('logs/f*-out'), { files: [], says: [OUT] })
})

test('a link that is named is followed', async () => {
  assert.deepEqual(await list('logs/file-out'), { files: ['logs/file-out'], says: [] })
  assert.deepEqual((await list('link-to-logs')).files, ['link-to-logs/a.log', 'link-to-logs/deep/b.log'])
})

test('the folder to which links lead may be named too; its files are read once', async () => {
  assert.deepEqual(await list('logs', 'outside'), {
    files: ['logs/a.log', 'logs/deep/b.log', 'logs/file-out'],
    says: [DEAD],
  })
})

test('no link of a folder leads to a hidden file in it', async () => {
  const says = [
    'LOG104 warning 2 links lead out of the folders that are read, and were left out; one is project/to-hidden',
  ]
  assert.deepEqual(await list('project'), { files: ['project/a.log'], says })
  assert.deepEqual((await list('project/.git')).files, ['project/.git/config'])
})

test('a folder: documentation is left out and told, and read if it is named', async () => {
  mkdirSync(at('documented'))
  for (const name of ['documented/README', 'documented/notes.md', 'documented/a.log', 'documented/readme.log.1'])
    writeFileSync(at(name), 'x\n')
  assert.deepEqual(await list('documented'), {
    files: ['documented/a.log', 'documented/readme.log.1'],
    says: ['LOG105 info left out: documented/README, documented/notes.md'],
  })
  assert.deepEqual((await list('documented/README')).files, ['documented/README'])
})
