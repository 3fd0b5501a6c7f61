import { atMarks, type CqlNearMiss, type Match, replace, token } from '../2-repair/near-miss.ts'
import { isPunct } from '../1-lex/token.ts'

export const dashes: CqlNearMiss = {
  id: 'CQL345',
  slug: 'dashes',
  title: '`--` before a comment',
  origin: 'SQL, Lua, Haskell',
  verdict: 'Two dashes are the sign of a number twice. A comment begins with `//`, or stands between `/*` and `*/`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis-1.88/syntax-comments.html' },
  bad: 'groupBy([aid, -- the host\n  ComputerName])',
  good: 'groupBy([aid, // the host\n  ComputerName])',
  message: () => '`--` begins no comment here',
  find: (v) =>
    atMarks(v, '-', (t, i): Match[] => {
      const next = token(v, i + 1)
      const isPair = isPunct(next, '-') && next.start === t.end && /\s/.test(v.text[next.end] ?? '')
      return isPair ? [{ span: { start: t.start, end: next.end }, edits: [replace(t.start, next.end, '//')] }] : []
    }),
}
