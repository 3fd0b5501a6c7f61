import { inText } from '../../../diag/diagnostic.ts'
import type { And, Compare, Condition, Text } from '../../../lang/shared/outline.ts'
import { filtersOf, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly word: string
  readonly rewrite: string
}

export const looseWord = textRule<Params>({
  id: 'LNT423',
  slug: 'loose-word',
  severity: 'warning',
  yields: true,
  title: 'A word beside a comparison that is no part of its value',
  message: (p) => `\`${p.word}\` is a word to search for here, not a part of the value before it`,
  why: 'A value without quotes ends at the space. What comes after it, also after `or`, is a condition of its own: a word in any field of the event.',
  remedy: (p) => `write \`${p.rewrite}\`, or put the word in quotes to search for it`,
  checkText({ outline, source }) {
    if (outline.traits.globTest || outline.traits.foldsCase) return []
    const found: Violation<Params>[] = []
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        const loose =
          c.kind === 'or' ? inOr(c) : c.kind === 'and' ? (inAnd(c, source.text) ?? inName(c, source.text)) : undefined
        if (!loose) return
        const word = source.text.slice(loose.at.start, loose.at.end)
        found.push({ at: inText(source, loose.at), params: { word, rewrite: loose.rewrite } })
      })
    return found
  },
})

interface Loose {
  readonly at: Text['at']
  readonly rewrite: string
}

/** `RemotePort=22 or 3389`: a word or number after a comparison whose value is like it. */
function inOr({ of }: And): Loose | undefined {
  const i = of.findIndex((c, n) => isWord(c) && isValued(of[n - 1]) && isAlike(of[n - 1] as Compare, c))
  const [before, word] = [of[i - 1] as Compare, of[i]]
  if (!word || !isWord(word)) return undefined
  const words = of.slice(i).filter(isWord)
  const values = [...before.values, ...words.map((w) => w.value)].map((v) =>
    v.kind === 'number' ? v.text : quoted(v.text),
  )
  return { at: word.at, rewrite: `${before.op === '!=' ? '!' : ''}in(${before.field}, values=[${values.join(', ')}])` }
}

/** `event.action = Rej Hld`: two words with a capital. */
function inName({ of, isWritten }: And, text: string): Loose | undefined {
  if (isWritten) return undefined
  const i = of.findIndex((c, n) => isWord(c) && NAME.test(c.value.text) && isValued(of[n - 1]))
  const [before, word] = [of[i - 1] as Compare, of[i]]
  const value = before?.values[0]
  if (!word || !isWord(word) || value?.kind !== 'bare' || !NAME.test(value.text)) return undefined
  if (/[^ \t]/.test(text.slice(before.at.end, word.at.start))) return undefined
  return { at: word.at, rewrite: `${before.field}${before.op}${quoted(`${value.text} ${word.value.text}`)}` }
}

const NAME = /^[A-Z][a-z]+$/

/** `CommandLine=powershell -enc`, `x > now()-1h`: a word that begins with a dash. */
function inAnd({ of }: And, text: string): Loose | undefined {
  const i = of.findIndex((c, n) => n > 0 && isWord(c) && /^-{1,2}\w/.test(c.value.text))
  const [before, word] = [of[i - 1], of[i]]
  if (!before || !word || !isWord(word) || /\S/.test(text.slice(before.at.end, word.at.start))) return undefined
  if (before.kind === 'opaque') {
    const m = /^([\w.@]+)\s*([<>]=?)\s*now\(\)$/.exec(text.slice(before.at.start, before.at.end))
    if (!m || !/^-\d+\w+$/.test(word.value.text)) return undefined
    return { at: word.at, rewrite: `test(${m[1]} ${m[2]} now() - duration("${word.value.text.slice(1)}"))` }
  }
  if (!isValued(before)) return undefined
  const rest = of.slice(i)
  const other = rest.findIndex((c) => !isWord(c))
  const last = rest[other < 0 ? rest.length - 1 : other - 1] ?? word
  const value = text.slice(before.values[0]?.at.start, last.at.end).replace(/"/g, '')
  return { at: word.at, rewrite: `${before.field}${before.op}${quoted(`${value}*`)}` }
}

const isWord = (c: Condition | undefined): c is Text =>
  c?.kind === 'text' && (c.value.kind === 'bare' || c.value.kind === 'number')

const isValued = (c: Condition | undefined): c is Compare =>
  c?.kind === 'compare' && (c.op === '=' || c.op === '!=') && c.values.length === 1 && c.values[0]?.kind !== 'hole'

const isAlike = ({ values: [a] }: Compare, { value: b }: Text): boolean => a?.kind === 'bare' || a?.kind === b.kind

const quoted = (text: string): string => `"${text.replace(/\\/g, '\\\\')}"`
