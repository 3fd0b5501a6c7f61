// `npm run fuzz -- SECONDS [--seed N] [--only queries,readers,documents,languages,scans]`: mutants of the repository's own queries, telemetry and pages.
// Inputs that break a promise are left in .tmp/fuzz-PID/found. Exit status 1 if there are any.
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Sums, sumsOf } from './oracle.ts'

const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'queries,readers,documents,languages,scans' },
  },
  allowPositionals: true,
})
const seconds = Number(positionals[0])
if (!(seconds > 0)) {
  console.error('npm run fuzz -- SECONDS [--seed N] [--only queries,readers,documents,languages,scans]')
  process.exit(2)
}
/** An input that computes for ever is ended by its own process (`watch-fuzz.ts`). This is for one that waits for ever. Milliseconds. */
const WAITS = 1_200_000

/** Of this run: two runs in one checkout would write each other's inputs. */
const folder = join('.tmp', `fuzz-${process.pid}`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'found'), { recursive: true })

const total: Record<string, Sums> = {}
let [hangs, crashes] = [0, 0]

function add(sums: Record<string, Sums>): void {
  for (const [kind, part] of Object.entries(sums)) {
    const sum = sumsOf(total, kind)
    for (const k of Object.keys(sum) as (keyof Sums)[]) sum[k] += part[k]
  }
}

/** Seed of the last input, and whether the process came to its end. */
function run(seed: number, left: number): Promise<number> {
  return new Promise((done) => {
    const args = [folder, String(seed), String(left), values.only]
    const child: ChildProcess = fork('tests/fuzz/child-fuzz.ts', args, { execArgv: ['--import', 'tsx'] })
    let last: { seed: number; sums: Record<string, Sums> } = { seed, sums: {} }
    const hung = join(folder, 'hung')
    child.on('message', (m: typeof last) => {
      last = m
    })
    const timer = setInterval(() => {
      const current = join(folder, 'current')
      if (!existsSync(current) || Date.now() - statSync(current).mtimeMs < WAITS) return
      writeFileSync(join(folder, 'hung'), `hang: ${WAITS / 1000} seconds without an answer`)
      child.kill('SIGKILL')
    }, 1000)
    child.on('exit', (status, signal) => {
      clearInterval(timer)
      add(last.sums)
      if (status !== 0) {
        if (existsSync(hung)) hangs++
        else crashes++
        keepCurrent(existsSync(hung) ? readFileSync(hung, 'utf8') : `ended with ${status ?? signal}`)
        rmSync(hung, { force: true })
        // The one that was being tried.
        done(Math.max(last.seed + 2, seed + 1))
      } else done(last.seed + 1)
    })
  })
}

function keepCurrent(reason: string): void {
  const { seed, name } = JSON.parse(readFileSync(join(folder, 'current.json'), 'utf8')) as {
    seed: number
    name: string
  }
  renameSync(join(folder, 'current'), join(folder, 'found', `${seed}-${name}`))
  writeFileSync(join(folder, 'found', `${seed}.txt`), `seed ${seed}\n${reason}\n`)
}

const end = Date.now() + 1000 * seconds
let seed = Number(values.seed)
while (Date.now() < end) seed = await run(seed, (end - Date.now()) / 1000)

const names = ['mutants', 'parsed', 'ran', 'counted', 'difference', 'promise', 'throw', 'slow'] as const
console.log(['', ...names].map((n) => n.padStart(11)).join(''))
for (const [kind, sum] of Object.entries(total))
  console.log([kind.padStart(11), ...names.map((n) => String(sum[n]).padStart(11))].join(''))
console.log(`hangs ${hangs}, ended processes ${crashes}; the next seed is ${seed}`)
const found = readdirSync(join(folder, 'found'))
if (found.length > 0) console.log(`${join(folder, 'found')}:\n  ${found.sort().join('\n  ')}`)
process.exitCode = found.length > 0 ? 1 : 0
