import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { query } from '../../cli/shared-options.ts'
import { readLanguages } from '../../core/workbench/compile.ts'
import { loadLanguage } from '../languages/load-language.ts'
import { readPlainQuery } from './plain-query.ts'
import { readQueryArgument } from './query-argument.ts'

const folder = mkdtempSync(join(tmpdir(), 'plain-query-'))
after(() => rmSync(folder, { recursive: true, force: true }))

suite('one language without the others', () => {
  test('each language that is read loads by its id, in any case', async () => {
    for (const language of readLanguages) assert.equal(await loadLanguage(language.id.toUpperCase()), language)
    for (const id of ['', 'kql', 'constructor', '../cql']) assert.equal(await loadLanguage(id), undefined, id)
  })

  test('--lang names the languages that are read', () => {
    assert.ok(query.lang.about.endsWith(`: ${readLanguages.map((l) => l.id).join(', ')}`))
  })

  test('a query is read as by all languages, or left to them', async () => {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const rule = 'title: a\nlogsource: {category: x}\ndetection: {s: {a: b}, condition: s}\n'
    const taken = [
      [write('a.cql', '\uFEFFa=1\r\n'), undefined],
      [write('a.SUMO', 'x | count\n'), undefined],
      [write('b.sumo', 'a=1'), 'cql'],
      ['a=1 | count()', 'CQL'],
    ] as const
    for (const [argument, lang] of taken) {
      const plain = await readPlainQuery(argument, { lang })
      assert.deepEqual(readQueryArgument(argument, { lang }), { ok: true, value: plain }, argument)
    }
    const left = [
      [write('a.yml', rule), undefined],
      [write('a.txt', 'a=1'), undefined],
      [write('bad.cql', '').replace('bad', 'missing'), undefined],
      [folder, undefined],
      ['-', 'cql'],
      ['a=1', 'klingon'],
    ] as const
    for (const [argument, lang] of left) assert.equal(await readPlainQuery(argument, { lang }), undefined, argument)
  })
})
