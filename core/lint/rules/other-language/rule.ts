import { inText } from '../../../diag/diagnostic.ts'
import { bothRule, type TextContext, type Violation } from '../../rule.ts'
import { LIKENESSES, type Likeness } from './likenesses.ts'

/** White space and comments in front of the query. */
const LEAD = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/

export const otherLanguage = bothRule<Likeness>({
  id: 'LNT301',
  slug: 'other-language',
  severity: 'warning',
  yields: true,
  title: 'A text that looks like another query language',
  message: (p) =>
    p.isField
      ? `this looks like ${p.language}; here \`${p.example}\` is no more than a field or a word`
      : `this looks like ${p.language}; here \`${p.example}\` is a word to search for`,
  why: 'Words without a field are a search for these words. The text is valid, and it finds events that contain all of them.',
  remedy: (p) => `write the query in this language, or put the words in quotes if you search for ${p.language} text`,
  check: likeness,
  checkText: likeness,
})

type Facts = Pick<TextContext, 'isAnotherForm' | 'language' | 'source'>

function likeness({ source, language, isAnotherForm }: Facts): readonly Violation<Likeness>[] {
  // Rules of Cloud SIEM have `in ("a")`, `like`, `between` and `is null` as SQL has them.
  if (isAnotherForm) return []
  const start = LEAD.exec(source.text)?.[0].length ?? 0
  const text = source.text.slice(start)
  // A whole Sigma rule is read as one.
  if (/^title:/m.test(text) && /^(?:correlation|detection|filter):/m.test(text)) return []
  const masked = blanked(text)
  for (const like of LIKENESSES) {
    if (like.notIn?.includes(language)) continue
    const length = like.pattern.exec(masked)?.[0].trimEnd().length
    if (length !== undefined) return [{ at: inText(source, { start, end: start + Math.max(1, length) }), params: like }]
  }
  return []
}

/** The same length, without what quotes and comments hold. */
const blanked = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|(?<=^|\s)\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (part) =>
    part.startsWith('"') ? `"${part.slice(1, -1).replace(/[^\n]/g, '_')}"` : part.replace(/[^\n]/g, ' '),
  )
