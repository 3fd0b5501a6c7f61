// The list of a store's parts. A store is what its manifest lists: a file that it does not list is the rest of a run that was ended.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { storeDamaged } from '../../core/diag/catalogue/table.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { readSmall } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import { isPartPath, MANIFEST } from './store-place.ts'

/** Bytes. Ten thousand parts of a few hundred fields have a quarter of them. */
const MOST = 256 * 1024 * 1024

const texts = z.record(z.string(), z.string())

const micros = z
  .string()
  .regex(/^-?\d{1,18}$/, 'a time is no whole number of microseconds')
  .nullable()
const part = z.strictObject({
  /** From the folder of the store. */
  path: z.string().refine(isPartPath, 'it names a file that is no part of a store'),
  rows: z.int(),
  bytes: z.int(),
  /** Microseconds, as texts; null: no event has a time. */
  first: micros,
  last: micros,
  format: z.string(),
  tags: texts,
  type: z.string(),
  raw: z.boolean(),
  /** True names of the fields; `columnName` makes those of the columns. */
  names: z.array(z.string()),
  /** The events answer to the names of their format; */
  named: z.boolean(),
  /** columns (`hiddenColumn`) have the answers to these, which are no fields. */
  answers: z.array(z.string()),
  /** Fields with a text, not the empty one, in every event; */
  full: z.array(z.string()).default([]),
  /** and those with one and the same text, of a few characters. */
  only: texts.default({}),
})
export type StoredPart = z.infer<typeof part>

const content = z.strictObject({
  /** Hash of the bytes. */
  hash: z.string(),
  bytes: z.int(),
  name: z.string(),
  /** In the order of events: higher bits of their place. */
  number: z.int(),
  format: z.string(),
  events: z.int(),
  bad: z.int(),
})
export type StoredContent = z.infer<typeof content>

const manifest = z.strictObject({
  assay_store: z.literal(2, 'another release wrote it'),
  parts: z.array(part),
  contents: z.array(content),
})
export type Manifest = z.infer<typeof manifest>

export function readManifest(folder: string): Result<Manifest> {
  const path = join(folder, MANIFEST)
  const damaged = (reason: string) => failure(diagnostic(storeDamaged, inLog(path), { path, reason }))
  try {
    const read = manifest.safeParse(JSON.parse(readSmall(path, MOST).toString('utf8')))
    return read.success ? ok(read.data) : damaged(read.error.issues[0]?.message ?? 'it is of another shape')
  } catch (e) {
    return damaged(reasonOf(e))
  }
}

/** Readers see the old list or the new one. Throws where the disk refuses. */
export function writeManifest(folder: string, list: Manifest): void {
  const part = join(folder, `.${MANIFEST}.part`)
  rmSync(part, { force: true })
  try {
    const fd = openSync(part, 'wx', 0o600)
    try {
      writeFileSync(fd, JSON.stringify(list))
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(part, join(folder, MANIFEST))
  } catch (e) {
    rmSync(part, { force: true })
    throw e
  }
  syncFolder(folder)
}

/** A renamed file is in its folder for good once the folder is on disk. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
