import { inText } from '../../../diag/diagnostic.ts'
import { cut } from '../../../text/cut.ts'
import { textRule } from '../../rule.ts'

export const missingQuote = textRule<{ readonly text: string }>({
  id: 'LNT417',
  slug: 'missing-quote',
  severity: 'warning',
  title: 'A text that ends where the next one begins',
  message: (p) => `a quote seems to be missing in \`${p.text}\``,
  why: 'A text goes on to the next quote. One missing quote turns texts and what is between them round, and the error appears far below.',
  remedy: () => 'close the text before the comma or operator',
  checkText({ outline, source, hasErrors }) {
    if (!hasErrors || (outline.traits.foldsCase && !outline.traits.globTest)) return []
    // Only the first counts: behind it texts and what is between them are exchanged.
    for (const m of source.text.matchAll(/\\[\s\S]|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"/g)) {
      const end = m.index + m[0].length
      if (!m[0].startsWith('"')) continue
      const isTurned = /[\w ][,=(]\s*"$/.test(m[0]) && /^[A-Za-z]/.test(source.text.slice(end))
      if (!isTurned && !(STEPS.test(m[0]) && /^\s*[\w%<^({]/.test(source.text.slice(end)))) continue
      const shown = m[0].replace(/\s+/g, ' ')
      const text = cut(shown, 40)
      return [{ at: inText(source, { start: m.index, end }), params: { text } }]
    }
    return []
  },
})

/** A text with a part of a query in it lost its own quote: `) as name | parse "`, ` | where x = "`, ` field=?{name=*}`. */
const STEPS =
  /\)\s+as\s+\w+\s*(?:\||,|$)|\|\s*(?:parse|where|json|if|format|replace|timeslice|count|extract|csv|split|concat)\b|[\s)\]]\|\s*[a-z]\w+\(|\s[\w.]+=\?\{/
