// The process that fuzzes. Before each input it leaves that input in a file, so that its end, or its silence, can be explained.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Executor, openDuckdb } from '../../engine/cases/case-executors.ts'
import { languageCorpus, mutatedText, tryText } from './languages.ts'
import { type Document, documentCorpus, mutatedDocument, tryDocument } from './documents.ts'
import { type Outcome, type Sums, sumsOf } from './oracle.ts'
import { mutatedPage, queryCorpus, tryPage } from './queries.ts'
import { randomOf } from './random.ts'
import { hunt, tryScans } from './scans.ts'
import { mutatedFile, readerCorpus, someFormats, tryBytes } from './readers.ts'
import type { Watched } from './watch-fuzz.ts'

const [folder = '', first = '0', seconds = '0', kinds = ''] = process.argv.slice(2)
/** An input that takes longer is worth a look. Milliseconds of this process's own work: the machine may be busy. */
const SLOW = 2000
/** Seconds of processor time after which the process is ended. */
const HANGS = 60

mkdirSync(join(folder, 'found'), { recursive: true })
const end = performance.now() + 1000 * Number(seconds)
const pages = queryCorpus()
const files = readerCorpus()
const documents = documentCorpus()
const texts = languageCorpus(pages)
if (kinds.includes('scans')) hunt()
let duckdb: Executor = await openDuckdb()
const sums: Record<string, Sums> = {}

interface Input {
  readonly kind: string
  readonly name: string
  readonly bytes: Buffer | string
  readonly run: () => Promise<Outcome>
}

function inputOf(seed: number): Input {
  const random = randomOf(seed)
  const kind = random.pick(kinds.split(','))
  if (kind === 'queries') {
    const text = mutatedPage(pages, random)
    return { kind, name: 'query.md', bytes: text, run: () => tryPage(text, [duckdb]) }
  }
  if (kind === 'readers') {
    const bytes = mutatedFile(files, random)
    const also = someFormats(random)
    return { kind, name: 'reader.log', bytes, run: () => tryBytes(bytes, join(folder, 'mutant'), also) }
  }
  if (kind === 'scans') {
    const bytes = mutatedFile(files, random)
    return { kind, name: 'scan.log', bytes, run: () => tryScans(bytes, join(folder, 'mutant')) }
  }
  if (kind === 'languages') {
    const text = mutatedText(texts, random)
    return { kind, name: text.name, bytes: text.text, run: () => tryText(text, random.int(1000)) }
  }
  const document: Document = mutatedDocument(documents, random)
  return { kind, name: document.name, bytes: document.text, run: () => tryDocument(document) }
}

const inputs = new Int32Array(new SharedArrayBuffer(4))
const watched: Watched = { inputs, limit: HANGS, path: join(folder, 'hung') }
// Node 20 does not pass a TypeScript loader on to threads.
const [tsx, file] = [import.meta.resolve('tsx/esm/api'), new URL('./watch-fuzz.ts', import.meta.url).href]
const code = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(file)})`
const watch = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData: watched })

for (let seed = Number(first); performance.now() < end; seed++) {
  Atomics.add(inputs, 0, 1)
  const input = inputOf(seed)
  writeFileSync(join(folder, 'current.json'), JSON.stringify({ seed, kind: input.kind, name: input.name }))
  writeFileSync(join(folder, 'current'), input.bytes)
  const began = process.cpuUsage()
  const { counts, faults } = await input.run()
  const ms = process.cpuUsage(began).user / 1000
  const sum = sumsOf(sums, input.kind)
  sum.mutants++
  for (const c of new Set(counts)) sum[c]++
  for (const f of faults) sum[f.kind]++
  if (ms > SLOW) sum.slow++
  if (faults.length > 0 || ms > SLOW)
    keep(input, seed, [
      ...faults.map((f) => `${f.kind}: ${f.text}`),
      ...(ms > SLOW ? [`slow: ${Math.round(ms)} ms`] : []),
    ])
  process.send?.({ seed, sums })
  // Its process may have ended.
  if (faults.some((f) => f.kind === 'throw' && f.text.startsWith(duckdb.name))) {
    duckdb.close()
    duckdb = await openDuckdb()
  }
}
duckdb.close()
watch.postMessage('end')
process.disconnect?.()

/** The first input for each fault: mutants of one page often break one promise. */
function keep({ name, bytes }: Input, seed: number, texts: readonly string[]): void {
  const [text = ''] = texts
  const place = /\n\s+at .*/.exec(text)?.[0] ?? text.slice(0, 60)
  const id = createHash('sha1').update(place).digest('hex').slice(0, 8)
  if (existsSync(join(folder, 'found', `${id}.txt`))) return
  writeFileSync(join(folder, 'found', `${id}-${name}`), bytes)
  writeFileSync(join(folder, 'found', `${id}.txt`), `seed ${seed}\n${texts.join('\n\n')}\n`)
}
