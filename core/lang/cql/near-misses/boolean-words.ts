import { byName } from '../../../text/by-name.ts'
import {
  isAlternatives,
  atMarks,
  atWords,
  calledBy,
  type CqlNearMiss,
  hasWord,
  insert,
  itemsOf,
  type Match,
  parentOf,
  partnerOf,
  replace,
  shallow,
  spanOfRun,
  splitAt,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct, isWord, type Token } from '../1-lex/token.ts'

const evidence = { vendorDoc: 'library.humio.com/data-analysis/syntax-expressions.html' }

export const booleanInExpression: CqlNearMiss = {
  id: 'CQL317',
  slug: 'boolean-in-expression',
  title: '`and`, `or` in an expression',
  origin: 'SPL, KQL, SQL; filters of CQL itself',
  verdict: 'Expressions have no `and` and no `or`: combine several test() in a filter, or nest if().',
  evidence,
  bad: 'test(a > 1 and b < 2)',
  good: 'test(a > 1) and test(b < 2)',
  message: (found) => `\`${found}\`: expressions have no \`and\` and no \`or\``,
  find: (v) => (mayCombine(v) ? regions(v).flatMap((r) => combined(v, r)) : []),
}

interface Region {
  readonly first: number
  readonly last: number
  readonly open: number
}

const isAnd = (t: Token): boolean => isWord(t, 'and') || (t.kind === 'word' && t.text === '&&')
const isOr = (t: Token): boolean => isWord(t, 'or') || isPunct(t, '|')

/** There is a word or a bar that could combine expressions. */
const mayCombine = (v: View): boolean =>
  hasWord(v, 'and') ||
  hasWord(v, 'or') ||
  hasWord(v, '&&') ||
  (v.marks.get('|') ?? []).some((i) => parentOf(v, i) >= 0 && isPunct(token(v, parentOf(v, i)), '('))

/** Expressions in calls, in parentheses and after `:=`. */
function regions(v: View): Region[] {
  const found: Region[] = []
  v.tokens.forEach((t, i) => {
    if (isPunct(t, '(') && partnerOf(v, i) > 0 && token(v, i + 1).mode === 'expression') {
      for (const item of itemsOf(v, i)) {
        const named = isPunct(token(v, item.first + 1), '=') && takesExpression(v, i, token(v, item.first))
        found.push({ first: named ? item.first + 2 : item.first, last: item.last, open: i })
      }
    }
  })
  for (const s of v.steps) {
    if (isPunct(token(v, s.first + 1), ':=')) found.push({ first: s.first + 2, last: s.last, open: -1 })
  }
  return found.filter((r) => r.open < 0 || !token(v, r.open).call || conditional(calledBy(v, r.open)))
}
const conditional = (name: string): boolean => /^(?:test|if|eval|coalesce)$/.test(name)
const takesExpression = (v: View, open: number, name: Token): boolean =>
  !token(v, open).call || calledBy(v, open) === 'eval' || /^(?:expression|condition|then|else)$/i.test(name.text)

interface Operator {
  readonly from: number
  readonly to: number
  readonly or: boolean
}
function operators(v: View, r: Region): Operator[] {
  const found: Operator[] = []
  const inner = shallow(v, r)
  inner.forEach((i, n) => {
    const t = token(v, i)
    const start = token(v, i - 1).end
    if (i === r.first || i === r.last) return
    if (isPunct(t, '|')) {
      const next = token(v, i + 1)
      if (isPunct(next, '|') && next.from === next.start && inner[n + 1] === i + 1) {
        found.push({ from: start, to: token(v, i + 2).start, or: true })
      }
    } else if (isAnd(t) || isWord(t, 'or')) found.push({ from: start, to: token(v, i + 1).start, or: isOr(t) })
  })
  return found
}

function combined(v: View, r: Region): Match[] {
  const ops = operators(v, r)
  if (ops.length === 0) return []
  const call = r.open - 1
  const isTest =
    r.open > 0 && calledBy(v, r.open) === 'test' && token(v, call).mode === 'filter' && itemsOf(v, r.open).length === 1
  return isTest ? tests(v, r, ops) : nestedIf(v, r, ops)
}

/** `test(A and B or C)`: as everywhere else, `and` binds tighter here, so CQL needs the parentheses. */
function tests(v: View, r: Region, ops: readonly Operator[]): Match[] {
  const start = token(v, r.open - 1).start
  const { end } = token(v, partnerOf(v, r.open))
  const span = { start, end }
  const mixed = ops.some((o) => o.or) && ops.some((o) => !o.or)
  const alone = v.steps.some((s) => s.first === r.open - 1 && s.last === partnerOf(v, r.open))
  const edits = ops.map((o) => {
    const word = o.or ? 'or' : 'and'
    const group = mixed && o.or
    return replace(o.from, o.to, `)${group ? ')' : ''} ${word} ${group ? '(' : ''}test(`)
  })
  const outer = `${alone ? '' : '('}${mixed ? '(' : ''}`
  if (outer) edits.push(insert(start, outer), insert(end, outer.replace(/\(/g, ')')))
  return [{ span, edits }]
}

/** `A and B` is `if(A, then=B, else=false)`, `A or B` is `if(A, then=true, else=B)`. */
function nestedIf(v: View, r: Region, ops: readonly Operator[]): Match[] {
  const span = spanOfRun(v, r)
  const edits: ReturnType<typeof insert>[] = []
  const ands = (from: number, to: number, inside: readonly Operator[]): { before: string; after: string } => {
    inside.forEach((o, i) => {
      edits.push(replace(o.from, o.to, `, then=${i < inside.length - 1 ? 'if(' : ''}`))
    })
    return from <= to && inside.length > 0
      ? { before: 'if(', after: ', else=false)'.repeat(inside.length) }
      : { before: '', after: '' }
  }
  const ors = ops.filter((o) => o.or)
  let from = span.start
  let prefix = ors.length > 0 ? 'if(' : ''
  ors.forEach((o, i) => {
    const a = ands(
      from,
      o.from,
      ops.filter((x) => !x.or && x.from >= from && x.to <= o.from),
    )
    const last = i === ors.length - 1
    const after = ands(o.to, o.to, [])
    if (prefix + a.before) edits.push(insert(from, prefix + a.before))
    prefix = ''
    edits.push(replace(o.from, o.to, `${a.after}, then=true, else=${last ? '' : 'if('}${after.before}`))
    from = o.to
  })
  const a = ands(
    from,
    span.end,
    ops.filter((x) => !x.or && x.from >= from),
  )
  if (prefix + a.before) edits.push(insert(from, prefix + a.before))
  edits.push(insert(span.end, a.after + ')'.repeat(ors.length)))
  return [{ span, edits }]
}

export const ampersands: CqlNearMiss = {
  id: 'CQL318',
  slug: 'ampersands',
  title: '`&&` in a filter',
  origin: 'programming languages',
  verdict: 'The operators are the words `and`, `or`, `not`; `&` may be part of a name, so `&&` searches for that text.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-operators.html' },
  bad: 'a=1 && b=2',
  good: 'a=1 and b=2',
  message: () => '`&&` is not an operator; the operator is `and`',
  find: (v) =>
    atWords(v, '&&', (t, i): Match[] => {
      if (t.mode !== 'filter') return []
      const frame = parentOf(v, i)
      const run = v.steps.find((s) => s.first <= i && i <= s.last)
      const mixed = run && shallow(v, run).some((n) => isWord(token(v, n), 'or'))
      if (mixed && frame === parentOf(v, run.first)) {
        return [
          {
            span: t,
            edits: [],
            uncertain: 'write `and`, with parentheses around what belongs together: in CQL `or` binds tighter',
          },
        ]
      }
      return [{ span: t, edits: [replace(t.start, t.end, 'and')] }]
    }),
}

export const doublePipe: CqlNearMiss = {
  id: 'CQL319',
  slug: 'double-pipe',
  title: '`||` in a filter',
  origin: 'programming languages',
  verdict: 'The operator is the word `or`. `||` reads as two pipes, so both sides would have to hold.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-operators.html' },
  bad: 'a=1 || b=2',
  good: 'a=1 or b=2',
  message: () => '`||` is not an operator; it reads as two pipes',
  find: (v) =>
    atMarks(v, '|', (t, i): Match[] => {
      const next = token(v, i + 1)
      if (!isPunct(next, '|') || next.from !== next.start || token(v, i - 1) === t) return []
      if (parentOf(v, i) >= 0 && token(v, parentOf(v, i)).call) return []
      const span = { start: t.start, end: next.end }
      const edits = [replace(t.start, next.end, next.end === token(v, i + 2).start ? 'or ' : 'or')]
      const sides = [v.steps.find((s) => s.last === i - 1), v.steps.find((s) => s.first === i + 2)]
      if (sides.every((s) => s && isAlternatives(v, s))) return [{ span, edits }]
      return [{ span, edits, uncertain: 'write `or` between alternatives, one `|` between steps' }]
    }),
}

export const notInExpression: CqlNearMiss = {
  id: 'CQL320',
  slug: 'not-in-expression',
  title: '`not` in an expression',
  origin: 'filters of CQL itself, Python, SQL',
  verdict: 'Expressions negate with `!`; the word `not` belongs to filters.',
  evidence,
  bad: 'test(not a > 1)',
  good: 'test(!(a > 1))',
  message: (found) => `\`${found}\`: an expression negates with \`!\``,
  find: (v) => atWords(v, 'not', (t, i) => (t.mode === 'expression' ? negated(v, i) : [])),
}

function negated(v: View, i: number): Match[] {
  if (isPunct(token(v, i - 1), '=~') || /^[,)\]=]$/.test(token(v, i + 1).text) || isWord(token(v, i + 1), 'in'))
    return []
  const open = parentOf(v, i)
  const end = open >= 0 ? partnerOf(v, open) - 1 : (v.steps.find((s) => s.first <= i && i <= s.last)?.last ?? -1)
  if (end <= i) return []
  const operand = splitAt(
    v,
    { first: i + 1, last: end },
    (t) => isPunct(t, ',') || isPunct(t, '|') || isAnd(t) || isOr(t),
  )[0]
  if (!operand) return []
  const start = token(v, i).start
  const span = { start, end: token(v, operand.last).end }
  const next = token(v, operand.first).start
  const simple =
    shallow(v, operand).length <= 3 && !shallow(v, operand).some((n) => /^[=<>!+*%/-]/.test(token(v, n).text))
  if (simple) return [{ span, edits: [replace(start, next, '!')] }]
  return [{ span, edits: [replace(start, next, '!('), insert(span.end, ')')] }]
}

/** Infix operators of KQL, SQL and SPL: CQL reads the word as a text to search for. */
const words: Readonly<Record<string, (field: string, value: string) => string>> = byName({
  contains: (f, v) => `${f}=/…/i for any case, ${f} like ${v} for this case`,
  startswith: (f, v) => `wildcard(${f}, pattern="${bare(v)}*", ignoreCase=true)`,
  endswith: (f, v) => `wildcard(${f}, pattern="*${bare(v)}", ignoreCase=true)`,
  has: (f, v) => `${f}=/\\b…\\b/i, or ${f} like ${v}`,
  matches: (f) => `${f}=/…/`,
  rlike: (f) => `${f}=/…/`,
  is: (f, v) => `${f}=${v}, or ${f}!=* for an absent field`,
  between: (f) => `${f} >= LOW | ${f} <= HIGH`,
})
const bare = (text: string): string => text.replace(/^"|"$/g, '')

const wordOperatorsOf = (v: View): number[] =>
  Object.keys(words)
    .flatMap((w) => v.words.get(w) ?? [])
    .sort((a, b) => a - b)

export const wordOperators: CqlNearMiss = {
  id: 'CQL321',
  slug: 'word-operator',
  title: 'A word as a comparison operator',
  origin: 'KQL, SQL, SPL',
  verdict:
    'Comparisons are `= != < <= > >= like`. Another word between a field and a value is a text to search for, as are the field and the value.',
  evidence: { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' },
  bad: 'CommandLine contains "x"',
  good: 'CommandLine=/x/i',
  message: (found) => `\`${found}\`: not a comparison operator`,
  find: (v) =>
    wordOperatorsOf(v).flatMap((i): Match[] => {
      const t = token(v, i)
      const write = t.mode === 'filter' ? words[t.text.toLowerCase()] : undefined
      const field = token(v, i - 1)
      const value = token(v, i + 1)
      if (!write || i === 0 || field.kind !== 'word' || /^(?:and|or|not)$/i.test(field.text)) return []
      const before = token(v, i - 2)
      if (i > 1 && before.kind === 'punct' && /^(?:=|!=|<|>|<=|>=)$/.test(before.text)) return []
      if (value.kind !== 'string' && !/^(?:null|regex|\d+)$/i.test(value.text) && t.text.toLowerCase() !== 'between')
        return []
      return [
        {
          span: { start: field.start, end: value.end },
          edits: [],
          uncertain: `write ${write(field.text, value.text)}`,
        },
      ]
    }),
}
