// The extension for VS Code: its grammars on real queries, its files, and its client against the server.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import { languageNamed } from '../../core/workbench/compile.ts'
import { grammars } from '../../tools/vscode-grammars.ts'

const folder = 'editors/vscode'
interface Rule {
  readonly name: string
  readonly match?: string
  readonly begin?: string
  readonly end?: string
}

for (const [name, text] of Object.entries(grammars()))
  test(`${name} is current`, () => {
    assert.equal(readFileSync(join(folder, 'syntaxes', name), 'utf8'), text, 'npx tsx tools/vscode-grammars.ts')
  })

/** The scopes of a text, as an engine of TextMate grammars finds them: the earliest match wins, then the first rule. */
function scopes(id: string, text: string): { scope: string; text: string }[] {
  const { patterns } = JSON.parse(grammars()[`${id}.tmLanguage.json`] ?? '') as { patterns: Rule[] }
  const rules = patterns.map((p) => ({
    name: p.name,
    at: new RegExp(p.match ?? `${p.begin}(?:\\\\.|(?!${p.end})[\\s\\S])*(?:${p.end}|$)`, 'gm'),
  }))
  const found: { scope: string; text: string }[] = []
  for (let i = 0; i < text.length; ) {
    let best: { scope: string; text: string; index: number } | undefined
    for (const { name, at } of rules) {
      at.lastIndex = i
      const m = at.exec(text)
      if (m && m[0] !== '' && (best === undefined || m.index < best.index))
        best = { scope: name, text: m[0], index: m.index }
    }
    if (!best) break
    found.push(best)
    i = best.index + best.text.length
  }
  return found
}

test('grammars: functions, strings and comments of the examples of all functions', () => {
  for (const id of ['cql', 'sumo']) {
    const builtins = languageNamed(id)?.read.builtins ?? []
    const missed = builtins.flatMap((b) => {
      const coloured = scopes(id, b.examples[0].query).filter((s) => /function|meta\.stage/.test(s.scope))
      const names = [b.name, ...(b.aliases ?? [])].map((n) => n.toLowerCase())
      return coloured.some((s) =>
        names.includes(
          s.text
            .toLowerCase()
            .replace(/^\|\s*/, '')
            .replace(/\s+/g, ' '),
        ),
      )
        ? []
        : [b.name]
    })
    assert.ok(missed.length <= builtins.length * 0.03, `${id}: ${missed.join(', ')}`)
  }
  const found = scopes('cql', 'a="x // y" // z\n| groupBy(b, limit=5)')
  assert.ok(found.some((s) => s.scope.startsWith('string') && s.text === '"x // y"'))
  assert.ok(found.some((s) => s.scope.startsWith('comment') && s.text === '// z'))
  assert.ok(found.some((s) => s.scope.startsWith('variable.parameter') && s.text === 'limit'))
})

test('grammars: every query of the conformance pages ends with its last line outside of strings and comments', () => {
  for (const id of ['cql', 'sumo'])
    for (const f of readdirSync(`conformance/${id}`)
      .filter((n) => n.endsWith('.case.md'))
      .slice(0, 8)) {
      const page = parseCaseFile({ name: f, text: readFileSync(`conformance/${id}/${f}`, 'utf8') })
      for (const block of page.cases.flatMap((c) => c.blocks).filter((b) => b.kind === id)) {
        const text = block.source.text
        const long = scopes(id, text).filter(
          (s) => s.text.length > 1 && /string\.quoted/.test(s.scope) && !s.text.endsWith('"'),
        )
        assert.ok(long.length <= 1, `${f}: ${text}`)
      }
    }
})

test('the package names files that exist, and its client bundles', async () => {
  const { contributes } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    contributes: Readonly<Record<string, readonly { path?: string; configuration?: string }[]>>
  }
  for (const part of ['grammars', 'snippets', 'languages'])
    for (const { path, configuration } of contributes[part] ?? [])
      assert.ok(existsSync(join(folder, path ?? configuration ?? '')), path)
  for (const f of readdirSync(join(folder, 'snippets'))) JSON.parse(readFileSync(join(folder, 'snippets', f), 'utf8'))
  const { bundleExtension } = await import('../../tools/vscode-package.ts')
  const out = '.tmp/vscode/client.js'
  await bundleExtension(out)
  assert.match(readFileSync(out, 'utf8'), /require\("vscode"\)/)
})
