// Messages, pages and comments are plain English: the subject comes first, sentences are short, and no private words.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

/** Longest sentence of a diagnostic, in words. */
const MOST_WORDS = 25

const WORN =
  /\b(?:is|are) (?:told|said)\b|(?<!command )\bstands?\b(?! for\b)|\bat hand\b|\bof which\b|\bby (?:itself|themselves)\b|\bnobody\b|\bsomebody\b|\bnowhere\b/gi

/** A clause in the place of a subject: "What is left is …". A question is fine. */
const CLAUSE = /^(?:what|who|whoever|whether)\b(?!.*\?)/i

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((f) => f !== '' && existsSync(f))

/** Sentences of a text, without quoted code. */
const sentences = (text: string): string[] =>
  text
    .replace(/`[^`]*`|\$\{[^}]*\}/g, 'x')
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?;])\s+/)
    .map((s) => s.trim().replace(/^[*_\-|(]+\s*/, ''))
    .filter((s) => s !== '')

const habits = (text: string): string[] =>
  sentences(text).flatMap((s) => [...(CLAUSE.test(s) ? [s] : []), ...[...s.matchAll(WORN)].map((m) => `${m[0]}: ${s}`)])

const paragraphs = (page: string): string[] =>
  page.replace(/^````?[\s\S]*?^````?$|^#.*$/gm, '').split(/\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.)\s?)/)

test('diagnostics', () => {
  const found = files
    .filter((f) => /^core\/diag\/catalogue\/.*\.ts$/.test(f) && !f.endsWith('_index.ts'))
    .flatMap((f) =>
      [...readFileSync(f, 'utf8').matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`/g)]
        .map((m) => (m[1] ?? m[2] ?? '').replaceAll('\\`', '`'))
        .filter((s) => s.includes(' '))
        .flatMap((s) => [...habits(s), ...sentences(s).filter((x) => x.split(' ').length > MOST_WORDS)])
        .map((s) => `${f}: ${s}`),
    )
  assert.deepEqual(found, [])
})

test('pages', () => {
  const found = files
    .filter((f) => /(?:^|\/)README\.md$|^CONTRIBUTING\.md$|^docs\/[^/]*\.md$|^docs\/guide\//.test(f))
    .filter((f) => f !== 'docs/glossary.md')
    .flatMap((f) =>
      paragraphs(readFileSync(f, 'utf8'))
        .flatMap(habits)
        .map((s) => `${f}: ${s}`),
    )
  assert.deepEqual(found, [])
})

const comments = (source: string): string[] =>
  [...source.matchAll(/\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/.*\n)+)|\s\/\/ (.*)$/gm)].map((m) =>
    (m[1] ?? m[2] ?? m[3] ?? '').replace(/^[ \t]*(?:\/\/|\*)[ \t]?/gm, ''),
  )

test('comments', () => {
  const found = files
    .filter(
      (f) => /\.(?:ts|js|mjs)$/.test(f) && !f.endsWith('_index.ts') && f !== 'tests/structure/plain-words.test.ts',
    )
    .flatMap((f) =>
      comments(readFileSync(f, 'utf8'))
        .flatMap(habits)
        .map((s) => `${f}: ${s}`),
    )
  assert.deepEqual(found, [])
})
