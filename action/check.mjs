// Lints and tests for the action: annotations on standard output, the job summary, and files for the artefact. Inputs come as
// environment variables, never as text of a script. The exit status is that of lint, else of test.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const env = process.env
const bin = env.ASSAY_BIN ?? fileURLToPath(new URL('../dist/assay.js', import.meta.url))
const out = env.ASSAY_OUT ?? 'assay-results'
const lines = (text) => (text ?? '').split('\n').map((l) => l.trim()).filter((l) => l !== '')

/** A path that begins with a dash is no option. */
const asPath = (path) => (path.startsWith('-') ? `./${path}` : path)

function assay(...args) {
  const done = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', env: { ...env, NO_COLOR: '1' }, maxBuffer: 1 << 28 })
  if (done.error) throw done.error
  return { status: done.status ?? 3, out: done.stdout, err: done.stderr }
}

mkdirSync(out, { recursive: true })
const paths = lines(env.ASSAY_PATHS).map(asPath)
const strict = env.ASSAY_FAIL_ON === 'warnings' ? ['--fail-on', 'warnings'] : []
const lint = (format) => assay('lint', ...paths, '--format', format, ...strict)

const annotated = lint('github')
process.stdout.write(annotated.out)
process.stderr.write(annotated.err)
for (const [format, name] of [['sarif', 'lint.sarif'], ['junit', 'lint.xml'], ['markdown', 'lint.md']])
  writeFileSync(join(out, name), lint(format).out)
let summary = lint('markdown').out
let status = annotated.status

const tested = lines(env.ASSAY_TEST).map(asPath)
if (tested.length > 0) {
  const test = assay('test', ...tested, '--coverage', '--mutation')
  writeFileSync(join(out, 'test.txt'), test.out)
  process.stdout.write(test.out)
  process.stderr.write(test.err)
  summary += `\n### assay test\n\n${fenced(test.out)}\n`
  if (status === 0) status = test.status
}
writeFileSync(join(out, 'summary.md'), summary)
if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, summary)
process.exitCode = status

/** A block of code that its text cannot end. */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text.slice(-50_000)}\n${fence}`
}
