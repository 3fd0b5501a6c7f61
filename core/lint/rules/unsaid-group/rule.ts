import { inText } from '../../../diag/diagnostic.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly aggregate: string
  readonly name: string
}

export const unsaidGroup = textRule<Params>({
  id: 'LNT432',
  slug: 'unsaid-group',
  severity: 'warning',
  yields: true,
  title: 'A name after an aggregate that is read as a group',
  message: (p) => `\`${p.name}\` is a group here, not the name of the result`,
  why: 'A name after an aggregate without `as` or `by` is a field to group by. Events without the field are one group, and the result has a name of its own.',
  remedy: (p) => `write \`${p.aggregate} as ${p.name}\`, or \`by ${p.name}\` for groups`,
  checkText({ outline, source }) {
    if (!outline.traits.globTest) return []
    const { text } = source
    return [...text.matchAll(AGGREGATE)].flatMap((m): Violation<Params>[] => {
      const [whole, call = '', aggregate = '', name = ''] = m
      const end = m.index + whole.length
      const start = end - name.length
      // A name that a step before reads or makes, or events have, is a group.
      if (hasWord(text.slice(0, m.index), name) || name.startsWith('_')) return []
      if (hasWord(text.slice(end), `_${aggregate}`)) return []
      const edits = [{ span: { start, end: start }, text: 'as ' }]
      const fixes = [{ title: `name the result ${name}`, edits, safety: 'unsafe' as const }]
      return [{ at: inText(source, { start, end }), params: { aggregate: call, name }, fixes }]
    })
  },
})

/** One aggregate, one name, and then the next stage or the next aggregate. */
const AGGREGATE =
  /\b(?<=[|,]\s*)((count|(?:count_distinct|sum|avg|min|max|first|last)(?=\s*\())(?:\s*\(\s*[\w.]+\s*\))?)\s+(?!(?:as|by|group)\b)([A-Za-z]\w*)(?=\s*(?:\||$))/gi

const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<!\\w)${word.replace(/\W/g, '\\$&')}(?!\\w)`, 'i').test(text)
