import { inText } from '../../../diag/diagnostic.ts'
import { allTests } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'
import { known, partsOf, PUBLISHED, vocabulary } from './vocabulary.ts'

interface Params {
  readonly name: string
  readonly word: string
  readonly meant: string
}

export const misspeltWord = textRule<Params>({
  id: 'LNT506',
  slug: 'misspelt-word',
  severity: 'warning',
  yields: true,
  title: 'A name with a word that is nearly another',
  message: (p) => `\`${p.name}\`: \`${p.word}\` is no word, and \`${p.meant}\` is one letter away`,
  why: 'Names are compared character by character. One with a letter lost, doubled or exchanged is another name, which events rarely have.',
  remedy: (p) => `write \`${p.name.replace(p.word, p.meant)}\``,
  checkText({ outline, source }) {
    const { text } = source
    // A rule has names of files as values; the names of its fields are compared with those of the log source.
    const names =
      outline.traits.foldsCase && !outline.traits.globTest
        ? [
            ...allTests(outline).map(({ test }) => ({ name: test.field, at: test.fieldAt.start })),
            ...outline.pipelines.flatMap(({ read = [] }) => read.map(({ name, at }) => ({ name, at: at.start }))),
          ]
        : namesIn(text)
    const counts = new Map<string, number>()
    for (const { name } of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return names.flatMap(({ name, at }): Violation<Params>[] => {
      if (counts.get(name) !== 1 || PUBLISHED.has(name)) return []
      const joined = acrossParts(name)
      if (joined) {
        const span = { start: at + joined.at, end: at + joined.at + 2 }
        const right = name.slice(0, joined.at) + joined.pair + name.slice(joined.at + 2)
        const fixes = [{ title: `write ${right}`, edits: [{ span, text: joined.pair }], safety: 'unsafe' as const }]
        return [
          {
            at: inText(source, { start: at, end: at + name.length }),
            params: { name, word: name, meant: right },
            fixes,
          },
        ]
      }
      const parts = partsOf(name)
      for (const [i, { word, at: inside }] of parts.entries()) {
        const meant = meantBy(word, parts.length > 1 && i === parts.length - 1)
        if (meant === undefined) continue
        const written = name.slice(inside, inside + word.length)
        const right = inCaseOf(written, meant)
        const span = { start: at + inside, end: at + inside + word.length }
        const fixes = [{ title: `write ${right}`, edits: [{ span, text: right }], safety: 'unsafe' as const }]
        return [
          {
            at: inText(source, { start: at, end: at + name.length }),
            params: { name, word: written, meant: right },
            fixes,
          },
        ]
      }
      return []
    })
  },
})

/** Names outside of quotes, patterns, comments and parameters. */
function namesIn(text: string): { readonly name: string; readonly at: number }[] {
  const blank = text.replace(
    /"(?:[^"\\]|\\[\s\S])*"|'[^'\n]*'|\/(?<=[=(,~]\s*\/)(?![/*])(?:[^/\\\n]|\\.)+\/\w*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[?$][\w{]+|\{\{[^{}]*\}\}|\bhttps?:\S+/g,
    (part) => ' '.repeat(part.length),
  )
  return [...blank.matchAll(/[A-Za-z_#@][\w.]*/g)].map((m) => ({ name: m[0], at: m.index }))
}

/** Queries have the same words again and again. */
const answers = new Map<string, string | undefined>()
const MOST_ANSWERS = 20_000

function meantBy(word: string, isLast: boolean): string | undefined {
  if (known.has(word) && !(isLast && word === 'i')) return undefined
  const key = isLast ? `${word} ` : word
  if (answers.has(key)) return answers.get(key)
  if (answers.size >= MOST_ANSWERS) answers.clear()
  const meant = search(word, isLast)
  answers.set(key, meant)
  return meant
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

/** The word that was meant, if one slip makes this one of it. */
function search(word: string, isLast: boolean): string | undefined {
  if (isLast && /^(?:nam|typ|cod|siz)$/.test(word)) return `${word}e`
  // `DeviceI`, `subscription_i`
  if (isLast && word === 'i') return 'id'
  if (word.length < 4) return undefined
  for (let i = word.length > 4 ? 0 : 1; i < word.length - 1; i++) {
    if (word[i] === word[i + 1]) continue
    const exchanged = word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2)
    if (vocabulary.has(exchanged) || (word.length > 4 && known.has(exchanged))) return exchanged
  }
  for (let i = word.length > 5 ? 1 : word.length; i <= word.length; i++)
    for (const letter of word.length > 4 || isLast ? LETTERS : []) {
      const longer = word.slice(0, i) + letter + word.slice(i)
      if (vocabulary.has(longer) && (i < word.length || !/(?<![sui])s$|(?<!\1([bdgmnpr])e)d$/.test(longer)))
        return longer
    }
  if (word.length > 6)
    for (let i = 1; i < word.length; i++) {
      if (word[i] !== word[i - 1]) continue
      const shorter = word.slice(0, i) + word.slice(i + 1)
      if (vocabulary.has(shorter)) return shorter
    }
  return undefined
}

/** `ClouTdrail`, `FilterlAert`: letters exchanged where one word ends and the next begins. */
function acrossParts(name: string): { readonly at: number; readonly pair: string } | undefined {
  if (name.length < 8 || !/[a-z]{2}[A-Z]/.test(name)) return undefined
  const parts = partsOf(name)
  const strange = parts.filter((p) => !known.has(p.word))
  if (strange.length === 0 || strange.length > 2 || strange.some((p) => p.word.length < 3)) return undefined
  for (let i = 1; i < name.length - 1; i++) {
    const pair = `${name[i + 1]}${name[i]}`
    if (!/^(?:[a-z][A-Z]|[A-Z][a-z])$/.test(pair)) continue
    const meant = partsOf(name.slice(0, i) + pair + name.slice(i + 2))
    if (meant.length === parts.length && meant.every((p) => p.word.length > 2 && known.has(p.word)))
      return { at: i, pair }
  }
  return undefined
}

function inCaseOf(written: string, word: string): string {
  if (written.length > 1 && written === written.toUpperCase()) return word.toUpperCase()
  return /^[A-Z]/.test(written) ? word.charAt(0).toUpperCase() + word.slice(1) : word
}
