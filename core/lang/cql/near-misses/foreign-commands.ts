import {
  commands,
  type CqlNearMiss,
  isAlternatives,
  isLiteral,
  type Match,
  type Run,
  replace,
  shallow,
  spanOfRun,
  splitAt,
  textOf,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { aggregates } from '../2-repair/foreign-aggregates.ts'
import { isPunct, isWord } from '../1-lex/token.ts'

const evidence = { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' }
const verdict =
  'A step is a filter, an assignment or a call; a bare word is a text to search for, and names of functions may not be searched for without quotes.'

interface Command {
  readonly id: string
  readonly slug: string
  readonly words: readonly string[]
  readonly origin: string
  readonly bad: string
  readonly good: string
  /** The step as CQL; undefined where it is not certain. */
  readonly write: (v: View, s: Run) => string | undefined
  /** Shown instead of the good form where it is not certain. */
  readonly hint?: string
}

const command = (c: Command): CqlNearMiss => ({
  id: c.id,
  slug: c.slug,
  title: `\`${c.words[0]}\` as a command`,
  origin: c.origin,
  verdict,
  evidence,
  bad: c.bad,
  good: c.good,
  message: (found) => `\`${found}\`: CQL has no command \`${found.split(' ')[0]}\``,
  find: (v) =>
    commands(v, c.words).map((s): Match => {
      const span = spanOfRun(v, s)
      const text = c.write(v, s)
      if (text === undefined) return { span, edits: [], uncertain: c.hint ?? `write it like \`${c.good}\`` }
      return { span, edits: [replace(span.start, span.end, text)] }
    }),
})

const rest = (s: Run) => ({ first: s.first + 1, last: s.last })
const word = (v: View, s: Run): string => token(v, s.first).text.toLowerCase()

/** Field names with or without commas between them; undefined if there is anything else. */
function fields(v: View, r: { first: number; last: number }): string[] | undefined {
  const found: string[] = []
  for (let i = r.first; i <= r.last; i++) {
    const t = token(v, i)
    if (t.kind === 'word' || t.kind === 'string') found.push(t.text)
    else if (!isPunct(t, ',')) return undefined
  }
  return found.length > 0 && !found.some((f) => /^(?:as|by|asc|desc|-|\+)$/i.test(f)) ? found : undefined
}
const call = (name: string, list: string[] | undefined): string | undefined => list && `${name}([${list.join(', ')}])`

export const where: CqlNearMiss = {
  ...command({
    id: 'CQL330',
    slug: 'where',
    words: ['where', 'filter'],
    origin: 'SPL, KQL, SQL',
    bad: '| where x > 5',
    good: '| x > 5',
    write: () => undefined,
  }),
  find: (v) =>
    commands(v, ['where', 'filter']).map((s): Match => {
      const span = spanOfRun(v, s)
      const inner = shallow(v, rest(s))
      const compares = inner.filter((i) => /^(?:=|==|!=|<>|<|<=|>|>=)$/.test(token(v, i).text))
      const plain =
        compares.length > 0 &&
        compares.every(
          (i) =>
            token(v, i - 1).kind === 'word' && (isLiteral(token(v, i + 1)) || token(v, i - 1).text.startsWith('#')),
        )
      const mixed = inner.some((i) => isWord(token(v, i), 'or')) && inner.some((i) => isWord(token(v, i), 'and'))
      const only = inner.some((i) => isWord(token(v, i), 'in') && isPunct(token(v, i + 1), '('))
      if (
        (plain || (only && compares.length === 0)) &&
        !mixed &&
        !inner.some((i) => /^[*+/]$|^-$/.test(token(v, i).text))
      ) {
        return { span, edits: [replace(span.start, token(v, s.first + 1).start, '')] }
      }
      return {
        span,
        edits: [],
        uncertain:
          'write the condition alone as a filter (`x > 5`), or `test(a > b)` to compare fields or computed values',
      }
    }),
}

export const search: CqlNearMiss = command({
  id: 'CQL331',
  slug: 'search',
  words: ['search'],
  origin: 'SPL',
  bad: '| search x=5',
  good: '| x=5',
  write: (v, s) =>
    s.last > s.first && (isAlternatives(v, rest(s)) || !shallow(v, s).some((i) => isWord(token(v, i), 'or')))
      ? textOf(v, rest(s))
      : undefined,
  hint: 'remove the word, and add parentheses: in CQL `or` binds tighter than `and`',
})

export const stats: CqlNearMiss = command({
  id: 'CQL332',
  slug: 'stats-by',
  words: ['stats', 'summarize', 'aggregate'],
  origin: 'SPL, KQL',
  bad: '| stats count by x',
  good: '| groupBy([x], function=count(as=count))',
  write: (v, s) => aggregates(v, rest(s), word(v, s) === 'summarize' ? 'kql' : 'spl'),
  hint: 'write `groupBy([x], function=[count(as=n), sum(bytes, as=total)])`',
})

export const evaluate: CqlNearMiss = command({
  id: 'CQL333',
  slug: 'eval',
  words: ['eval', 'extend', 'let'],
  origin: 'SPL, KQL',
  bad: '| eval x = a + b',
  good: '| x := a + b',
  write: (v, s) => {
    const parts = splitAt(v, rest(s), (t) => isPunct(t, ','))
    const one = (r: { first: number; last: number }): string | undefined => {
      const eq = token(v, r.first + 1)
      if (!isPunct(eq, '=') || r.last < r.first + 2) return undefined
      return `${token(v, r.first).text} := ${textOf(v, { first: r.first + 2, last: r.last })}`
    }
    const written = parts.map(one)
    return written.length > 0 && written.every((x) => x !== undefined) ? written.join(' | ') : undefined
  },
})

export const table: CqlNearMiss = command({
  id: 'CQL334',
  slug: 'table-command',
  words: ['table'],
  origin: 'SPL',
  bad: '| table a, b',
  good: '| table([a, b])',
  write: (v, s) => call('table', fields(v, rest(s))),
})

export const select: CqlNearMiss = command({
  id: 'CQL335',
  slug: 'fields-command',
  words: ['fields', 'project', 'project-keep', 'project-away', 'keep', 'drop'],
  origin: 'SPL, KQL, ES|QL',
  bad: '| fields a, b',
  good: '| select([a, b])',
  write: (v, s) => {
    const sign = token(v, s.first + 1).text
    const skip = sign === '-' || sign === '+' ? { first: s.first + 2, last: s.last } : rest(s)
    return call(sign === '-' || /^(?:project-away|drop)$/.test(word(v, s)) ? 'drop' : 'select', fields(v, skip))
  },
})

export const head: CqlNearMiss = command({
  id: 'CQL336',
  slug: 'head-command',
  words: ['head', 'limit', 'take', 'tail'],
  origin: 'SPL, KQL, SQL',
  bad: '| head 10',
  good: '| head(10)',
  write: (v, s) => {
    const n = token(v, s.first + 1).text
    return s.last === s.first + 1 && /^\d+$/.test(n) ? `${word(v, s) === 'tail' ? 'tail' : 'head'}(${n})` : undefined
  },
})

export const rename: CqlNearMiss = command({
  id: 'CQL337',
  slug: 'rename-command',
  words: ['rename'],
  origin: 'SPL',
  bad: '| rename a as b',
  good: '| rename(a, as=b)',
  write: (v, s) => {
    const written = splitAt(v, rest(s), (t) => isPunct(t, ',')).map((r) => {
      if (r.last !== r.first + 2 || !isWord(token(v, r.first + 1), 'as')) return undefined
      return `rename(${token(v, r.first).text}, as=${token(v, r.last).text})`
    })
    return written.length > 0 && written.every((x) => x !== undefined) ? written.join(' | ') : undefined
  },
})

export const dedup: CqlNearMiss = {
  ...command({
    id: 'CQL338',
    slug: 'dedup',
    words: ['dedup', 'distinct'],
    origin: 'SPL, KQL',
    bad: '| dedup a',
    good: '| groupBy([a], function=tail(1))',
    write: () => undefined,
  }),
  find: (v) =>
    commands(v, ['dedup', 'distinct']).map((s): Match => {
      const list = (fields(v, rest(s)) ?? ['a']).join(', ')
      const uncertain = `write \`groupBy([${list}], function=tail(1))\` for the newest event of each value, or \`groupBy([${list}], function=[])\` for the values only`
      return { span: spanOfRun(v, s), edits: [], uncertain }
    }),
}

export const sort: CqlNearMiss = command({
  id: 'CQL339',
  slug: 'sort-command',
  words: ['sort', 'order'],
  origin: 'SPL, KQL, SQL',
  bad: '| sort -x',
  good: '| sort(x, order=desc, limit=max)',
  write: (v, s) => {
    const by = isWord(token(v, s.first + 1), 'by')
    const text = textOf(v, { first: s.first + (by ? 2 : 1), last: s.last }).trim()
    const m = /^([-+]?)\s*([\w.@#]+)(?:\s+(asc|desc))?$/i.exec(text)
    if (!m || (by && !m[3] && word(v, s) === 'order') || s.last === s.first) return undefined
    const order = m[3]?.toLowerCase() ?? (m[1] === '-' || (by && !m[1]) ? 'desc' : 'asc')
    return `sort(${m[2]}, order=${order}, limit=max)`
  },
  hint: 'write `sort([a, b], order=desc, limit=max)`',
})

/** `rex field=f "…"`: with a name, the groups become fields, as in regex(). */
export const rex: CqlNearMiss = {
  ...command({
    id: 'CQL351',
    slug: 'rex-command',
    words: ['rex'],
    origin: 'SPL',
    bad: '| rex field=a "(?<x>b+)"',
    good: '| regex("(?<x>b+)", field=a, strict=false)',
    write: () => undefined,
  }),
  find: (v) =>
    v.steps.flatMap((s): Match[] => {
      const at = (n: number) => token(v, s.first + n)
      if (!isWord(at(0), 'rex')) return []
      const named = isWord(at(1), 'field') && isPunct(at(2), '=')
      const pattern = at(named ? 4 : 1)
      if (pattern.kind !== 'string' || s.last !== s.first + (named ? 4 : 1)) return []
      const span = spanOfRun(v, s)
      const field = named ? `, field=${at(3).text}` : ''
      return [{ span, edits: [replace(span.start, span.end, `regex(${pattern.text}${field}, strict=false)`)] }]
    }),
}
