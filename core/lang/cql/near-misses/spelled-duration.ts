import { type CqlNearMiss, type Match, parentOf, replace, token } from '../2-repair/near-miss.ts'

const UNITS = [
  ['seconds', 'second', 'secs', 'sec', 's'],
  ['minutes', 'minute', 'mins', 'min', 'm'],
  ['hours', 'hour', 'hrs', 'hr', 'h'],
  ['days', 'day', 'd'],
  ['weeks', 'week', 'w'],
] as const

export const spelledDuration: CqlNearMiss = {
  id: 'CQL349',
  slug: 'spelled-duration',
  title: 'A duration with a space',
  origin: 'SQL, and the words of people',
  verdict: 'The number and its unit are one word: `1m`, `24h`, `7d`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-time-relative.html' },
  early: true,
  bad: 'bucket(1 minute, function=count())',
  good: 'bucket(1m, function=count())',
  message: (found) => `\`${found}\`: a duration has no space`,
  find: (v) =>
    UNITS.flatMap((names) =>
      names.flatMap((name) =>
        (v.words.get(name) ?? []).flatMap((i): Match[] => {
          const [n, unit, after] = [token(v, i - 1), token(v, i), token(v, i + 1)]
          const open = parentOf(v, i)
          if (open < 0 || !token(v, open).call || n.kind !== 'word' || !/^\d+$/.test(n.text)) return []
          if (!/^[,)]$/.test(after.text)) return []
          const span = { start: n.start, end: unit.end }
          return [{ span, edits: [replace(n.end, unit.end, names.at(-1) ?? '')] }]
        }),
      ),
    ),
}
