// Completion scripts in real shells, and the manual page.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { optionsOf } from '../../cli/option.ts'
import { commands } from '../../cli/program.ts'
import { assay } from './assay.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-completion-'))
after(() => rmSync(folder, { recursive: true }))
const written = async (shell: string): Promise<string> => {
  const { status, out } = await assay('completion', shell)
  assert.equal(status, 0)
  const path = join(folder, shell)
  writeFileSync(path, out)
  return path
}
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

test('bash completes commands, options and values', { skip: has('bash') ? false : 'no bash here' }, async () => {
  const script = await written('bash')
  execFileSync('bash', ['-n', script])
  const completed = (...words: string[]): string[] => {
    const run = `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _assay; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', run, 'bash', 'assay', ...words], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
  }
  assert.deepEqual(completed('ru'), ['run'])
  assert.deepEqual(completed('catalog', ''), ['build', 'serve'])
  assert.ok(completed('run', '--so').includes('--source-tz'))
  assert.ok(completed('run', '--format', '').includes('ndjson'))
  assert.ok(completed('catalog', 'build', '--').includes('--no-mutation'))
  assert.deepEqual(completed('run', 'q'), [])
})

for (const [shell, check] of [
  ['zsh', '-n'],
  ['fish', '-n'],
] as const)
  test(`${shell} reads its script`, async (t) => {
    const script = await written(shell)
    if (!has(shell)) return t.skip(`no ${shell} here`)
    execFileSync(shell, [check, script])
    return undefined
  })

test('every command and option is in each script and on the manual page', async () => {
  const names = commands.flatMap((c) =>
    optionsOf(c.options).map(([o]) => o.replace(/[A-Z]/g, (x) => `-${x.toLowerCase()}`)),
  )
  for (const shell of ['bash', 'zsh', 'fish', 'man']) {
    const { out } = await assay('completion', shell)
    const text = out.replaceAll('\\-', '-')
    for (const name of names) assert.ok(text.includes(name), `${name} is not in the script of ${shell}`)
  }
  assert.equal((await assay('completion', 'tcsh')).status, 2)
})

test('man formats the page without a warning', { skip: has('man') ? false : 'no man here' }, async () => {
  const page = await written('man')
  const { stderr, stdout } = spawnSync('man', ['--warnings', '-l', '-E', 'UTF-8', page], {
    encoding: 'utf8',
    env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '100' },
  })
  assert.equal(stderr, '')
  assert.match(stdout, /--source-tz/)
})
