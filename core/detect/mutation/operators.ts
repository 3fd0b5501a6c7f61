// The mutation operators: small mistakes that an author could have made. Scores are comparable only within one version.
import { byName } from '../../text/by-name.ts'
import { alternatives } from './patterns.ts'
import { branches, isConnective, isPunct, isWord, lonePredicates, members, operands, steps } from './text.ts'
import { bounds, entries, isYaml, items, modifiers } from './yaml.ts'
import type { Part, Token } from './token.ts'

/** Raised whenever an operator is added, removed or changed. */
export const OPERATORS_VERSION = 3

export interface Edit extends Part {
  /** The new text of the part. */
  readonly becomes: string
  /** The clause that contains the part, if the clause is longer. */
  readonly clause?: Part
}

export interface Operator {
  readonly id: string
  readonly title: string
  /** The mutant removes or moves a clause, so a kill shows that a test depends on the clause. */
  readonly clause: boolean
  /** Describes telemetry on which the mutant and the query differ. */
  readonly wanted: (before: string, after: string) => string
  edits(tokens: readonly Token[], text: string): Edit[]
}

const drop = (found: readonly { part: Part; without: Part }[]): Edit[] =>
  found.map((f) => ({ ...f.without, becomes: '', clause: f.part }))

/** The values that a query with the mark and one without it tell apart. */
const WANTED_OF_MARK: Readonly<Record<string, string>> = byName({
  '^': 'a value with more in front of what the pattern matches',
  $: 'a value with more behind what the pattern matches',
  i: 'a value whose letters have another case',
  '(?i)': 'a value whose letters have another case',
  '|i': 'a value whose letters have another case',
  '|cased': 'a value whose letters have another case',
})

const swap = (t: Token, becomes: string): Edit => ({ start: t.start, end: t.end, becomes })

const inKind = (becomes: string, like: string): string =>
  like === like.toUpperCase() ? becomes.toUpperCase() : becomes

const inner = (t: Token): { text: string; start: number } | undefined =>
  t.kind === 'string' || t.kind === 'regex'
    ? { text: t.text.slice(1, t.text.lastIndexOf(t.text[0] as string)), start: t.start + 1 }
    : undefined

/** The pattern of a token: a regex literal, or a string that a function or operator reads as a regex. */
const patternOf = (t: Token): { text: string; start: number } | undefined =>
  t.kind === 'regex' || (t.kind === 'string' && /\(\?|\\[.wds]/.test(t.text)) ? inner(t) : undefined

const FLIP: Readonly<Record<string, readonly string[]>> = byName({
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '=': ['!='],
  '==': ['!='],
  '!=': ['='],
})

const FLIP_WORDS: Readonly<Record<string, readonly string[]>> = byName({
  gt: ['gte', 'lte'],
  gte: ['gt', 'lt'],
  lt: ['lte', 'gte'],
  lte: ['lt', 'gt'],
  eq: ['neq'],
  neq: ['eq'],
})

const AGGREGATES: Readonly<Record<string, string>> = byName({
  min: 'max',
  max: 'min',
  sum: 'avg',
  avg: 'sum',
  first: 'last',
  last: 'first',
  selectlast: 'selectFirst',
  count_distinct: 'count',
})

/** Modifiers that add a wildcard at an edge of a text. */
const WILD: Readonly<Record<string, readonly string[]>> = byName({
  contains: ['startswith', 'endswith'],
  startswith: ['', 'contains'],
  endswith: ['', 'contains'],
})

const NEXT: Readonly<Record<string, string>> = byName({ s: 'm', m: 'h', h: 'd', d: 'h', w: 'd' })

export const operators: readonly Operator[] = [
  {
    id: 'drop-step',
    title: 'A step of the pipeline is gone',
    clause: true,
    wanted: (before) => `telemetry whose findings change without \`${before}\``,
    edits: (tokens) => drop(steps(tokens)),
  },
  {
    id: 'drop-operand',
    title: 'One side of `and` or `or` is gone',
    clause: true,
    wanted: (before) => `an event for which \`${before}\` alone decides`,
    edits: (tokens, text) => drop([...operands(tokens), ...(isYaml(tokens) ? entries(tokens, text) : [])]),
  },
  {
    id: 'negate',
    title: 'A predicate is turned round',
    clause: true,
    wanted: (before) => `an event for which \`${before}\` decides`,
    edits: (tokens, text) => negations(tokens, text),
  },
  {
    id: 'drop-not',
    title: 'A negation is gone',
    clause: true,
    wanted: () => 'an event that the negated part holds back',
    edits: (tokens) =>
      tokens.flatMap((t, i) =>
        isWord(t, 'not') || isPunct(t, '!')
          ? [{ start: t.start, end: tokens[i + 1]?.start ?? t.end, becomes: '' }]
          : [],
      ),
  },
  {
    id: 'comparison',
    title: 'A comparison is stricter, laxer or reversed',
    clause: true,
    wanted: (before, after) =>
      `a value for which \`${before}\` and \`${after}\` differ: exactly the bound, or one on the other side`,
    edits: (tokens) => [
      ...tokens.flatMap((t) => (t.kind === 'punct' ? (FLIP[t.text] ?? []).map((to) => swap(t, to)) : [])),
      ...bounds(tokens, FLIP_WORDS),
      ...modifiers(tokens, FLIP_WORDS),
    ],
  },
  {
    id: 'number',
    title: 'A number is moved by one, up and down',
    clause: true,
    wanted: (before, after) => `a value that tells ${before} from ${after}`,
    edits: (tokens) => tokens.flatMap(movedNumbers),
  },
  {
    id: 'connective',
    title: '`and` for `or`, `or` for `and`',
    clause: false,
    wanted: () => 'an event for which only one of the two sides holds',
    edits: (tokens) =>
      tokens.flatMap((t) =>
        isConnective(t) ? [swap(t, inKind(t.text.toLowerCase() === 'and' ? 'or' : 'and', t.text))] : [],
      ),
  },
  {
    id: 'drop-member',
    title: 'A member of a list, a grouping key or an argument is gone',
    clause: true,
    wanted: (before) => `telemetry in which \`${before}\` makes the difference`,
    edits: (tokens, text) => drop([...members(tokens), ...items(tokens, text)]),
  },
  {
    id: 'drop-alternative',
    title: 'An alternative of a pattern is gone',
    clause: true,
    wanted: (before) => `a value that only \`${before}\` of the pattern matches`,
    edits: (tokens) =>
      tokens.flatMap((t) => {
        const pattern = patternOf(t)
        if (!pattern) return []
        const moved = (p: Part): Part => ({ start: p.start + pattern.start, end: p.end + pattern.start })
        return drop(alternatives(pattern.text).map((a) => ({ part: moved(a.part), without: moved(a.without) })))
      }),
  },
  {
    id: 'anchor',
    title: 'A pattern loses an anchor or its indifference to case',
    clause: false,
    wanted: (before) => WANTED_OF_MARK[before] ?? `a value that differs only by \`${before}\``,
    edits: (tokens) =>
      tokens
        .flatMap((t) => {
          const pattern = patternOf(t)
          if (!pattern) return []
          const flag = t.kind === 'regex' && /\/i$/.test(t.text) ? [{ start: t.end - 1, end: t.end, becomes: '' }] : []
          const marks = [...pattern.text.matchAll(/^(?:\(\?i\))?(\^)|(?<!\\)(\$)$|^(\(\?i\))/g)].flatMap((m) => {
            const mark = m[1] ?? m[2] ?? m[3] ?? ''
            const start = pattern.start + m.index + m[0].indexOf(mark)
            return [{ start, end: start + mark.length, becomes: '' }]
          })
          return [...flag, ...marks]
        })
        .concat(modifiers(tokens, { i: [''], cased: [''] })),
  },
  {
    id: 'drop-branch',
    title: 'A branch of a `case` is gone',
    clause: true,
    wanted: (before) => `an event that only the branch \`${before}\` takes`,
    edits: (tokens) => branches(tokens).map((b) => ({ ...b, becomes: '' })),
  },
  {
    id: 'text',
    title: 'A text is another one',
    clause: false,
    wanted: (before) => `a finding that shows or needs ${before}`,
    edits: (tokens) =>
      tokens.flatMap((t) =>
        t.kind === 'string' && !patternOf(t)
          ? [{ start: t.end - 1, end: t.end - 1, becomes: '~', clause: t }]
          : t.kind === 'text'
            ? [{ start: t.end, end: t.end, becomes: '~', clause: t }]
            : [],
      ),
  },
  {
    id: 'wildcard',
    title: 'A wildcard at the edge of a text is gone',
    clause: false,
    wanted: (before) => `a value with more text where ${before} has its wildcard`,
    edits: (tokens) =>
      tokens
        .flatMap((t) => {
          const at = inner(t)
          if (!at || t.kind !== 'string' || at.text.length < 2) return []
          return [
            ...(at.text.startsWith('*') ? [{ start: at.start, end: at.start + 1, becomes: '' }] : []),
            ...(at.text.endsWith('*')
              ? [{ start: at.start + at.text.length - 1, end: at.start + at.text.length, becomes: '' }]
              : []),
          ]
        })
        .concat(modifiers(tokens, WILD)),
  },
  {
    id: 'window',
    title: 'A span of time is longer or shorter',
    clause: true,
    wanted: (before, after) => `events farther apart than one of ${before} and ${after}, and within the other`,
    edits: (tokens) =>
      tokens.flatMap((t) => {
        const m = /^"?(\d+)([smhdw])"?$/.exec(t.text)
        if (!m || t.kind === 'regex') return []
        const quote = t.text.startsWith('"') ? '"' : ''
        const to = (text: string) => swap(t, quote + text + quote)
        return [to(`${Number(m[1]) * 2}${m[2]}`), to(`${m[1]}${NEXT[m[2] as string]}`)]
      }),
  },
  {
    id: 'aggregate',
    title: 'Another aggregate function',
    clause: false,
    wanted: (before, after) => `a group whose ${before} and ${after} differ`,
    edits: (tokens) =>
      tokens.flatMap((t, i) => {
        const to = t.kind === 'word' && isPunct(tokens[i + 1], '(') ? AGGREGATES[t.text.toLowerCase()] : undefined
        return to === undefined ? [] : [swap(t, to)]
      }),
  },
  {
    id: 'direction',
    title: 'The order runs the other way',
    clause: false,
    wanted: () => 'findings whose order matters: an ordered result of at least two rows',
    edits: (tokens) =>
      tokens.flatMap((t) => (isWord(t, 'desc') ? [swap(t, 'asc')] : isWord(t, 'asc') ? [swap(t, 'desc')] : [])),
  },
]

function negations(tokens: readonly Token[], text: string): Edit[] {
  const whole = (p: Part): Edit => ({
    ...p,
    becomes: `${isYaml(tokens) ? 'not ' : '!'}(${text.slice(p.start, p.end)})`,
    clause: p,
  })
  // The negation goes directly before a filter function that is a whole step: `in(…)`, `cidr(…)`.
  const calls = steps(tokens).flatMap(({ part }) => {
    const first = tokens.findIndex((t) => t.start === part.start)
    return tokens[first]?.kind === 'word' && isPunct(tokens[first + 1], '(')
      ? [{ start: part.start, end: part.start, becomes: '!', clause: part }]
      : []
  })
  return [...operands(tokens).map((o) => whole(o.part)), ...lonePredicates(tokens).map(whole), ...calls]
}

function movedNumbers(t: Token): Edit[] {
  if (t.kind === 'regex') return []
  const digits = /^(["']?)(\d{1,15})(["']?)$/.exec(t.text)
  if (digits) return [1, -1].map((d) => swap(t, `${digits[1]}${Math.abs(Number(digits[2]) + d)}${digits[3]}`))
  const subnet = /^(["']?)([\da-f.:]+)\/(\d{1,3})\1$/i.exec(t.text)
  return subnet ? [1, -1].map((d) => swap(t, `${subnet[1]}${subnet[2]}/${Number(subnet[3]) + d}${subnet[1]}`)) : []
}
