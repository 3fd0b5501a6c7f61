// Texts of other languages, which the grammars of CQL and Sumo Logic often take as a search for words: none passes without a word.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { lint } from '../../core/workbench/lint.ts'

const page = readFileSync('tests/engine/foreign-texts.md', 'utf8')
const IDS: Readonly<Record<string, string>> = { CQL: 'cql', 'Sumo Logic': 'sumo' }

for (const [, heading = '', block = ''] of page.matchAll(/^## (.+)\n\n```\n([\s\S]*?)\n```$/gm)) {
  const languages = (heading.split(', in ')[1] ?? '').split(' and ').map((name) => IDS[name] ?? name)
  test(heading, () => {
    for (const line of block.split('\n'))
      for (const language of languages) {
        const { diagnostics } = lint({ name: 'q', text: line.replaceAll('⏎', '\n') }, language)
        assert.ok(
          diagnostics.some((d) => d.severity !== 'info'),
          `${language} says nothing of: ${line}`,
        )
      }
  })
}
