import { inText } from '../../../diag/diagnostic.ts'
import { textRule, type Violation } from '../../rule.ts'

export const doubledWord = textRule<{ readonly word: string }>({
  id: 'LNT427',
  slug: 'doubled-word',
  severity: 'warning',
  yields: true,
  title: 'The same word twice in a row',
  message: (p) => `\`${p.word}\` is there twice`,
  why: 'No step needs a word twice in a row. The second one is read as a name, a group or one more word to search for, and two negations cancel each other.',
  remedy: (p) => `write \`${p.word}\` once`,
  checkText({ outline, source: { text }, source }) {
    const isSearch = outline.traits.globTest !== undefined
    // A rule is YAML, which has its own checks.
    if (!isSearch && outline.traits.foldsCase) return []
    const tokens = [...blanked(text).matchAll(/"(?:[^"\\]|\\[\s\S])*"|[\w.@#$%*:?{}-]+|[^\s\w]/g)]
    return tokens.flatMap((m, i): Violation<{ word: string }>[] => {
      const word = m[0]
      const before = tokens[i - 1]
      if (!before || before[0].toLowerCase() !== word.toLowerCase()) return []
      const start = before.index
      const end = start + word.length
      if (!/^\s+$/.test(text.slice(end, m.index)) || !isWord(word, isSearch)) return []
      // `delim=' '` and `_sourceCategory=Labs/threat THREAT`: a value, and a word like it.
      const isArgument = /\|\s*\w+\s+field\s*=$/.test(text.slice(0, start))
      const isOfValue =
        (!isArgument && !word.startsWith('"') && /[/='\\]/.test(text[start - 1] ?? '')) || /'/.test(word)
      if (isOfValue && !(/\w/.test(word) && text[m.index + word.length] === '/') && word !== '/') return []
      const span = { start: end, end: m.index + word.length }
      const fixes = [{ title: 'write it once', edits: [{ span, text: '' }], safety: 'unsafe' as const }]
      return [{ at: inText(source, { start, end: span.end }), params: { word }, fixes }]
    })
  },
})

/** Bars and commas have messages of their own. Patterns of CQL begin and end with a slash. */
const isWord = (token: string, isSearch: boolean): boolean =>
  /^["\w.@#$%!*:?{}-]/.test(token) ? !/^[{}*]+$/.test(token) : token === '/' && isSearch

const blanked = (text: string): string =>
  text.replace(/(?<!:)\/\/.*|(?<![\w/])\/\*[\s\S]*?\*\/|\/(?<=[=(,~]\s*\/)(?![/*])(?:[^/\\\n]|\\.)+\/\w*/g, (part) =>
    part.replace(/[^\n]/g, ' '),
  )
