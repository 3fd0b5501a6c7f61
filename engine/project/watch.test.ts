import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { whenChanged } from './watch.ts'

/** A catalogue with one detection, watched; `next` makes a change and waits for the run that it causes. */
async function watching(
  of: (root: string) => { paths: string[]; ignored?: string[] },
  use: (
    root: string,
    next: (change: () => void) => Promise<readonly string[]>,
    seen: readonly unknown[],
  ) => Promise<void>,
  failing = false,
): Promise<unknown[]> {
  const root = mkdtempSync(join(tmpdir(), 'assay-watch-'))
  mkdirSync(join(root, 'd/tests'), { recursive: true })
  for (const file of ['d/detection.yml', 'd/q.cql', 'd/tests/a.case.md']) writeFileSync(join(root, file), '')
  const { paths, ignored = [] } = of(root)
  const seen: (readonly string[])[] = []
  const errors: unknown[] = []
  const end = new AbortController()
  const work = async (changed: readonly string[]): Promise<void> => {
    seen.push(changed)
    if (failing && seen.length === 2) throw new Error('gone')
  }
  const done = whenChanged(paths, work, { signal: end.signal, ignored, onError: (e) => errors.push(e) })
  const next = async (change: () => void): Promise<readonly string[]> => {
    const before = seen.length
    change()
    for (let i = 0; i < 100 && seen.length === before; i++) await sleep(20)
    assert.equal(seen.length, before + 1)
    return seen.at(-1) as readonly string[]
  }
  try {
    await sleep(50)
    await use(root, next, seen)
  } finally {
    end.abort()
    assert.equal(await done, true)
    rmSync(root, { recursive: true, force: true })
  }
  return errors
}

test('a file is seen again after an editor has replaced it, and so is one in a new folder', async () => {
  await watching(
    (root) => ({ paths: [root] }),
    async (root, next) => {
      const page = join(root, 'd/tests/a.case.md')
      const d = [join(root, 'd')]
      const replace = () => {
        writeFileSync(`${page}.tmp`, 'replaced')
        renameSync(`${page}.tmp`, page)
      }
      assert.deepEqual(await next(replace), d)
      assert.deepEqual(await next(() => writeFileSync(page, 'and changed')), d)
      assert.deepEqual(await next(() => mkdirSync(join(root, 'd/hunts'))), d)
      assert.deepEqual(await next(() => writeFileSync(join(root, 'd/hunts/h.md'), '')), d)
    },
  )
})

test('a new case, an edited query and a deleted case concern their detection, a deleted detection all', async () => {
  await watching(
    (root) => ({ paths: [root] }),
    async (root, next) => {
      const d = [join(root, 'd')]
      assert.deepEqual(await next(() => writeFileSync(join(root, 'd/tests/b.case.md'), '')), d)
      assert.deepEqual(await next(() => writeFileSync(join(root, 'd/q.cql'), 'a=1')), d)
      assert.deepEqual(await next(() => rmSync(join(root, 'd/tests/b.case.md'))), d)
      assert.deepEqual(await next(() => rmSync(join(root, 'd'), { recursive: true })), [root])
    },
  )
})

test('a page is concerned by the query of its detection', async () => {
  await watching(
    (root) => ({ paths: [join(root, 'd/tests/a.case.md')] }),
    async (root, next) => {
      assert.deepEqual(await next(() => writeFileSync(join(root, 'd/q.cql'), 'a=1')), [join(root, 'd/tests/a.case.md')])
    },
  )
})

test('work that fails is told, and the next change is worked on', async () => {
  const errors = await watching(
    (root) => ({ paths: [root] }),
    async (root, next) => {
      await next(() => writeFileSync(join(root, 'd/q.cql'), 'in('))
      await next(() => writeFileSync(join(root, 'd/q.cql'), 'a=1'))
    },
    true,
  )
  assert.deepEqual(errors.map(String), ['Error: gone'])
})

test('what the work writes causes no work, and a way there with dots in it is none that is hidden', async () => {
  await watching(
    (root) => ({ paths: [relative(process.cwd(), root)], ignored: [join(root, 'junit.xml')] }),
    async (root, next, seen) => {
      writeFileSync(join(root, 'junit.xml'), 'written')
      await sleep(300)
      assert.equal(seen.length, 1)
      assert.equal((await next(() => writeFileSync(join(root, 'd/q.cql'), 'a=1'))).length, 1)
    },
  )
})

test('where there is nothing there is nothing to wait for', async () => {
  assert.equal(await whenChanged([join(tmpdir(), 'assay-no-such-folder')], async () => {}), false)
})
