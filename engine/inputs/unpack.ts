// Files of zip archives and zstd files as private files, so that they can be recognised, read twice and read in parallel with bounded memory.
// Names inside an archive are shown and never become paths.
import { createWriteStream, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { unpacksToMore, unreadable } from '../../core/diag/catalogue/log.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { reasonOf } from '../files/reason.ts'
import { makeTemp, removeTemp } from '../files/temp.ts'
import type { Input } from './input.ts'
import type { PackKind } from './pack-kind.ts'
import { unzstd } from './unzstd.ts'

/** Logs shrink to a hundredth, rarely to less than a thousandth. Bytes beyond which the ratio counts, and the ratio. */
const FREE = 16 << 20
const MOST_RATIO = 1000
/** Files in an archive. */
const MOST_FILES = 10_000

export interface Unpacked {
  readonly inputs: readonly Input[]
  readonly diagnostics: readonly Diagnostic[]
}

class TooMuch extends Error {}

const done = new Map<string, Promise<Unpacked>>()

/** The files in the archive. The same file is unpacked once in a process. Never throws. */
export async function unpacked(input: Input, kind: PackKind): Promise<Unpacked> {
  const { mtimeMs } = statSync(input.path)
  const key = `${input.path} ${input.size} ${mtimeMs}`
  const before = done.get(key) ?? attempt(input, kind)
  done.set(key, before)
  const found = await before
  return { ...found, inputs: found.inputs.map((i) => ({ ...i, tags: input.tags })) }
}

async function attempt(input: Input, kind: PackKind): Promise<Unpacked> {
  let folder: string | undefined
  try {
    folder = makeTemp()
    const found = await (kind === 'zip' ? zip(input, folder) : zstd(input, folder))
    if (found.inputs.length === 0) removeTemp(folder)
    return found
  } catch (e) {
    if (folder !== undefined) removeTemp(folder)
    return { inputs: [], diagnostics: [refusal(input.name, input, e)] }
  }
}

function refusal(name: string, input: Input, e: unknown): Diagnostic {
  return e instanceof TooMuch
    ? diagnostic(unpacksToMore, inLog(name), { path: name, packed: input.size, most: allowance(input.size) })
    : diagnostic(unreadable, inLog(name), { path: name, reason: reasonOf(e), isPacked: true })
}

const allowance = (packed: number): number => FREE + packed * MOST_RATIO

async function zstd(input: Input, folder: string): Promise<Unpacked> {
  const path = join(folder, 'log')
  const size = await write(Readable.from(unzstd(input.path)), path, { left: allowance(input.size) })
  const { atime, mtime } = statSync(input.path)
  utimesSync(path, atime, mtime)
  const { identity: _, ...rest } = input
  return { inputs: [{ ...rest, path, size }], diagnostics: [] }
}

/** A damaged file of an archive is refused, the others are read. */
async function zip(input: Input, folder: string): Promise<Unpacked> {
  const inputs: Input[] = []
  const diagnostics: Diagnostic[] = []
  const budget = { left: allowance(input.size) }
  const archive = await open(input.path)
  try {
    for (let entry = await next(archive); entry; entry = await next(archive)) {
      if (!isLog(entry.fileName)) continue
      const name = `${input.name}/${entry.fileName}`
      if (inputs.length === MOST_FILES) throw new TooMuch()
      const path = join(folder, String(inputs.length + diagnostics.length))
      try {
        if (entry.isEncrypted()) throw new Error('it is encrypted')
        const size = await write(await contents(archive, entry), path, budget, entry.crc32)
        const time = entry.getLastModDate()
        utimesSync(path, time, time)
        inputs.push({ name, path, size, tags: {} })
      } catch (e) {
        diagnostics.push(refusal(name, input, e))
        if (e instanceof TooMuch) break
      }
    }
  } finally {
    archive.close()
  }
  if (inputs.length === 0 && diagnostics.length === 0)
    diagnostics.push(
      diagnostic(unreadable, inLog(input.name), {
        path: input.name,
        reason: 'the archive has no file',
        isPacked: true,
      }),
    )
  return { inputs, diagnostics }
}

/** Folders, and files that packers add or hide. `./a.log` is no hidden file: some packers write each name like this. */
const isLog = (name: string): boolean => !name.endsWith('/') && !/(?:^|\/)(?:__MACOSX\/|\.(?!\/))/.test(name)

const open = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (e, archive) => (e ? reject(e) : resolve(archive)))
  })

const next = (archive: ZipFile): Promise<Entry | undefined> =>
  new Promise((resolve, reject) => {
    const settle = (call: () => void): void => {
      archive.removeAllListeners()
      call()
    }
    archive.once('entry', (entry: Entry) => settle(() => resolve(entry)))
    archive.once('end', () => settle(() => resolve(undefined)))
    archive.once('error', (e: Error) => settle(() => reject(e)))
    archive.readEntry()
  })

const contents = (archive: ZipFile, entry: Entry): Promise<Readable> =>
  new Promise((resolve, reject) => {
    archive.openReadStream(entry, (e, stream) => (e ? reject(e) : resolve(stream)))
  })

/** Bytes written. Throws `TooMuch` when the budget, which files of an archive share, is spent. `sum`: the right CRC-32. */
async function write(source: Readable, path: string, budget: { left: number }, sum?: number): Promise<number> {
  let crc = 0
  const guard = new Transform({
    transform(piece: Buffer, _, call: TransformCallback) {
      budget.left -= piece.length
      if (sum !== undefined) crc = crc32(piece, crc)
      if (budget.left < 0) call(new TooMuch())
      else call(null, piece)
    },
  })
  const out = createWriteStream(path, { mode: 0o600 })
  await pipeline(source, guard, out)
  if (sum !== undefined && crc !== sum) throw new Error('it is damaged')
  return out.bytesWritten
}
