import { inText } from '../../../diag/diagnostic.ts'
import { textRule } from '../../rule.ts'

export const emptyList = textRule<{ readonly list: string }>({
  id: 'LNT430',
  slug: 'empty-list',
  severity: 'warning',
  yields: true,
  title: 'A list without a value, or with a comma that nothing follows',
  message: (p) => (p.list === '[]' ? 'there is nothing in this list' : 'there is nothing on one side of this comma'),
  why: 'An empty list of values matches no event, and an empty list of keys makes one group of all events. A comma without a value often lost it.',
  remedy: (p) =>
    p.list === '[]' ? 'write its values, or remove the argument' : 'write the value, or remove the comma',
  checkText({ outline, source }) {
    if (outline.traits.foldsCase && !outline.traits.globTest) return []
    const blank = source.text.replace(NOT_CODE, (part) => '"'.repeat(part.length))
    // Of `groupBy(…, function=[])` the vendor's page says that it returns the groups alone.
    const pattern = outline.traits.globTest
      ? /,(?<=\|\s*(?:json|kv|fields|parse|csv)\s*,)(?=\s*["\w])|,(?=\s*\|(?!\|))/gi
      : /\[(?<=(?:[(,]|(?<!function\s*)=)\s*\[)\s*\]|,(?=\s*\])/g
    return [...blank.matchAll(pattern)].map(({ 0: found, index: start }) => ({
      at: inText(source, { start, end: start + found.length }),
      params: { list: found.replace(/\s+/g, '') },
    }))
  },
})

const NOT_CODE =
  /"(?:[^"\\]|\\[\s\S])*"|\/(?<=[=(,~]\s*\/)(?![/*])(?:[^/\\\n]|\\.)+\/\w*|(?<!:)\/\/[^\n]*|(?<![\w/])\/\*[\s\S]*?\*\//g
