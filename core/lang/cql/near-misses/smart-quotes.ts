import { atKind, type CqlNearMiss, type Match, replace } from '../2-repair/near-miss.ts'

export const smartQuotes: CqlNearMiss = {
  id: 'CQL343',
  slug: 'smart-quotes',
  early: true,
  title: 'Text in typographic quotes',
  origin: 'word processors, chats and mail',
  verdict: 'A text needs straight double quotes; `“` is allowed only inside a text, a regex or a comment.',
  evidence: { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' },
  bad: 'FileName=“cmd.exe”',
  good: 'FileName="cmd.exe"',
  message: (found) => `\`${found}\`: a text needs straight double quotes`,
  find: (v) => {
    let past = 0
    return atKind(v, 'bad', (t): Match[] => {
      const text =
        t.start < past
          ? undefined
          : /^[\u201c\u201d\u201e\u201f]([^\u201c\u201d\u201e\u201f"\n]*)[\u201c\u201d\u201e\u201f]/.exec(
              v.text.slice(t.start),
            )
      if (!text) return []
      past = t.start + text[0].length
      return [{ span: { start: t.start, end: past }, edits: [replace(t.start, past, `"${text[1]}"`)] }]
    })
  },
}
