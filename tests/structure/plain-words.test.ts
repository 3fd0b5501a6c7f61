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

/**
 * Comments (by room) and pages that still have old habits. A number may only get smaller: lower it when you rewrite them, and remove the line at 0.
 */
const BUDGET: Readonly<Record<string, number>> = {
  'core/lang/sigma': 1,
  'docs/architecture.md': 2,
}

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

const withinBudget = (found: ReadonlyMap<string, readonly string[]>) => {
  if (process.env.SHOW)
    console.log(
      [...found]
        .flatMap(([k, s]) => (s.length > 0 ? [`  '${k}': ${s.length},`] : []))
        .sort()
        .join('\n'),
    )
  const over = [...found].filter(([key, s]) => s.length > (BUDGET[key] ?? 0))
  assert.deepEqual(
    over.map(([key, s]) => `${key}: ${s.length}, allowed ${BUDGET[key] ?? 0}\n${s.join('\n')}`),
    [],
  )
}

test('pages: old habits only get fewer', () => {
  const pages = files.filter((f) => /(?:^|\/)README\.md$|^CONTRIBUTING\.md$|^docs\/[^/]*\.md$|^docs\/guide\//.test(f))
  withinBudget(
    new Map(
      pages
        .filter((f) => f !== 'docs/glossary.md')
        .map((f) => [f, paragraphs(readFileSync(f, 'utf8')).flatMap(habits)]),
    ),
  )
})

/** `core/lang/cql`, `core/logs`, `engine`. */
const roomOf = (file: string): string => /^core\/lang\/[^/]+|^core\/[^/]+|^[^/]+/.exec(file)?.[0] ?? file

const comments = (source: string): string[] =>
  [...source.matchAll(/\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/.*\n)+)|\s\/\/ (.*)$/gm)].map((m) =>
    (m[1] ?? m[2] ?? m[3] ?? '').replace(/^[ \t]*(?:\/\/|\*)[ \t]?/gm, ''),
  )

test('comments: old habits only get fewer', () => {
  const found = new Map<string, string[]>()
  for (const f of files) {
    if (!/\.(?:ts|js|mjs)$/.test(f) || f.endsWith('_index.ts') || f === 'tests/structure/plain-words.test.ts') continue
    const here = comments(readFileSync(f, 'utf8'))
      .flatMap(habits)
      .map((s) => `${f}: ${s}`)
    found.set(roomOf(f), [...(found.get(roomOf(f)) ?? []), ...here])
  }
  withinBudget(found)
})
