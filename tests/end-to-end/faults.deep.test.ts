// One call of the system fails: a disk that is full, that has errors, a file that may not be opened. Every run ends with the whole answer,
// or with a code and another exit status than 0; no part of a file is left. Needs a C compiler and Linux.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { builtProgram } from './built.ts'

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const shim = join(folder, 'faults.so')
const program = resolve(await builtProgram())
let missing: string | undefined

before(() => {
  if (process.platform !== 'linux') missing = 'needs LD_PRELOAD, which only Linux has'
  else if (spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', shim, 'tests/end-to-end/faults.c', '-ldl']).status !== 0)
    missing = 'needs a C compiler (cc)'
})

const EVENTS = Array.from(
  { length: 3 },
  (_, i) => `{"event_simpleName":"X","timestamp":"${1767225600000 + i}","aid":"a${i}"}\n`,
).join('')
const PAGE = `# A page

\`\`\`events file=events.json
\`\`\`

## count

\`\`\`cql file=query.cql
\`\`\`
\`\`\`result
_count:int
3
\`\`\`
`

/** A folder with a query that \`fmt\` changes, telemetry, a page and a detection. */
function work(): string {
  const at = mkdtempSync(join(folder, 'work-'))
  writeFileSync(join(at, 'events.json'), EVENTS)
  writeFileSync(join(at, 'query.cql'), 'event_simpleName=X|count()')
  writeFileSync(join(at, 'page.case.md'), PAGE)
  mkdirSync(join(at, 'detections'))
  cpSync('detections/T1048.003-unencrypted-non-c2-protocol', join(at, 'detections/T1048.003'), { recursive: true })
  return at
}

const COMMANDS: readonly (readonly string[])[] = [
  ['run', 'query.cql', 'events.json', '--format', 'json', '--quiet'],
  ['run', 'query.cql', 'events.json', '--format', 'json', '--quiet', '--report', 'report.json'],
  ['test', 'page.case.md'],
  ['fmt', '--write', 'query.cql'],
  ['new', 'T1048.003', 'made'],
  ['catalog', 'build', 'detections', '--no-mutation', '--out', 'site'],
  ['store', 'kept', 'events.json'],
]

const FAULTS: readonly (readonly [call: string, errno: number])[] = [
  ['open', constants.errno.EACCES],
  ['open', constants.errno.EMFILE],
  ['read', constants.errno.EIO],
  ['write', constants.errno.ENOSPC],
  ['write', constants.errno.EIO],
  ['fsync', constants.errno.EIO],
  ['rename', constants.errno.EIO],
]
/** The calls of a long run are alike. */
const MOST = Number(process.env['ASSAY_FAULTS'] ?? 12)

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly said: string
  readonly files: ReadonlyMap<string, string>
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  const cwd = work()
  const done = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 600_000,
    env: { ...process.env, ...(env['FAULT_CALL'] ? { ...env, FAULT_BELOW: cwd, LD_PRELOAD: shim } : {}) },
  })
  const files = new Map(
    readdirSync(cwd, { recursive: true, encoding: 'utf8' })
      .filter((f) => statSync(join(cwd, f)).isFile())
      .sort()
      .map((f) => [f, readFileSync(join(cwd, f), 'utf8')]),
  )
  rmSync(cwd, { recursive: true, force: true })
  return { status: done.status, out: done.stdout, said: done.stderr, files }
}

/** Without times and dates, which differ between runs. */
const same = (text: string): string => text.replace(/\d+(?:\.\d+)? ?m?s\b|\d{4}-\d\d-\d\dT[\d:.]+Z|"ms": ?[\d.]+/g, '#')

for (const args of COMMANDS)
  test(`assay ${args.join(' ')}`, (t) => {
    if (missing) return t.skip(missing)
    const good = run(args)
    assert.equal(good.status, 0, good.said + good.out)
    let fired = 0
    for (const [call, errno] of FAULTS)
      for (let at = 1; at <= MOST; at++) {
        const mark = join(folder, 'fired')
        rmSync(mark, { force: true })
        const bad = run(args, { FAULT_CALL: call, FAULT_AT: String(at), FAULT_ERRNO: String(errno), FAULT_FIRED: mark })
        if (!existsSync(mark)) break
        fired++
        const what = `${call} ${at}, errno ${errno}: status ${bad.status}\n${bad.said}${bad.out}`
        assert.deepEqual(
          [...bad.files.keys()].filter((f) => /\.(?:part|tmp)$/.test(f)),
          [],
          what,
        )
        if (bad.status === 0) assert.equal(same(bad.out), same(good.out), what)
        else {
          assert.ok(bad.status === 1 || bad.status === 2, what)
          assert.match(bad.said + bad.out, /\b[A-Z]{3}\d{3}\b/, what)
        }
      }
    assert.ok(fired > 0, 'no call failed')
  })
