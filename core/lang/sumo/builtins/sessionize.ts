// Sessions: a message of each kind, found by what an earlier message of the session named.
import { and, call, col, lit, present, test, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { sumoAnchorCount } from '../../../diag/catalogue/sumo-lower.ts'
import type { Span } from '../../../text/source.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { aliases, isPattern, pattern } from '../2-parse/parse-extract.ts'
import { operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

interface Kind {
  readonly pattern: string
  readonly names: readonly Name[]
  readonly span: Span
}

function parseSessionize(c: Cursor): readonly Kind[] | undefined {
  const kinds: Kind[] = []
  while (!c.stageOver) {
    const inParens = c.eat('(')
    if (!isPattern(c)) {
      c.fail('a pattern in double quotes')
      return undefined
    }
    const found = pattern(c)
    if (inParens) c.expect(')')
    kinds.push({ pattern: found.text, names: c.eatWord('as') ? aliases(c) : [], span: found.span })
    if (!c.eat(',')) break
  }
  if (kinds.length === 0) c.fail('a pattern in double quotes')
  return kinds.length === 0 ? undefined : kinds
}

/** The texts between the stars of a pattern, with the values that `$name` stands for. A name that no kind before has is text. */
function textsOf(pattern: string, known: ReadonlyMap<string, Expr>): Expr[] {
  return pattern.split('*').map((part) => {
    const pieces = part.split(/(\$[A-Za-z_]\w*)/).filter((p) => p !== '')
    const values = pieces.map((p) => (p.startsWith('$') ? known.get(p.slice(1).toLowerCase()) : undefined) ?? text(p))
    return values.length === 1 && values[0] ? values[0] : call('str.concat', 'str', values)
  })
}

function lowerSessionize(f: Flow, kinds: readonly Kind[], { head }: Place): void {
  if (!f.messages) {
    f.notRun(head, 'sessionize', 'it reads messages, not a table')
    return
  }
  const ignoreCase = f.lowering.choice('anchor-case') === 'insensitive'
  const message = f.hidden('message')
  f.push({ kind: 'set', columns: [{ id: message, expr: f.raw }] })
  f.split()
  const all = f.fork()
  const known = new Map<string, Expr>()
  const names = new Map<string, string>()
  for (const [i, kind] of kinds.entries()) {
    const other = i === 0 ? message : f.hidden('message')
    if (i > 0) joinAll(f, all.relation(false), message, other)
    find(f, kind, col(other, 'str'), known, names, ignoreCase)
  }
  f.push({ kind: 'project', columns: [...names.values()], rest: false })
  f.table([...names.values()].map((id) => ({ id, ty: 'str' })))
}

/** Every message beside every session so far: whose texts contain which values is known only row by row. */
function joinAll(f: Flow, right: ReturnType<Flow['relation']>, message: string, as: string): void {
  const one = lit('1', 'str')
  f.push({
    kind: 'join',
    how: 'inner',
    right,
    on: [{ left: one, right: one }],
    within: null,
    include: [{ id: as, from: message }],
    missing: null,
    max: null,
    order: [],
  })
}

/** Keeps the messages that the pattern fits, and reads its fields. One that an earlier kind has read must have the same value. */
function find(
  f: Flow,
  { pattern, names: fields, span }: Kind,
  message: Expr,
  known: Map<string, Expr>,
  names: Map<string, string>,
  ignoreCase: boolean,
): void {
  const texts = textsOf(pattern, known)
  if (texts.length - 1 !== fields.length)
    f.lowering.report(sumoAnchorCount, span, { stars: texts.length - 1, names: fields.length })
  const list = texts.reduce<Expr>((rest, t) => call('list.append', 'list', [rest, t]), lit([], 'list'))
  const gap = (n: number): Expr => call('str.between', 'str', [message, list], { gap: n, ignoreCase })
  f.filter(present(gap(0)))
  const read = fields
    .slice(0, texts.length - 1)
    .map((n, i) => ({ key: n.name.toLowerCase(), id: n.name, expr: gap(i + 1) }))
  const again = read.flatMap((r) => {
    const before = known.get(r.key)
    return before ? [test('str.eq', [before, r.expr])] : []
  })
  f.filter(and(...again))
  const fresh = read.filter((r, i) => !known.has(r.key) && !read.some((o, j) => j < i && o.key === r.key))
  f.push({ kind: 'set', columns: fresh.map(({ id, expr }) => ({ id, expr })) })
  for (const r of fresh) {
    known.set(r.key, col(r.id, 'str'))
    names.set(r.key, r.id)
  }
}

export const sessions = operator<readonly Kind[]>({
  name: 'sessionize',
  kind: 'join',
  doc: 'Joins messages of several kinds: `$name` in a later pattern stands for what an earlier one has read. A row is one session.',
  params: [
    param('pattern', 'text', 'Such as "user=* id=*"; `$name` is a value of an earlier pattern.'),
    param('as', 'fields', 'A name for each `*`. A name that an earlier pattern has must have the same value.'),
  ],
  examples: [
    search(
      'sessionize "requestId=* started" as (requestId), "requestId=$requestId completed in * ms" as (duration) | sort by +requestId',
      raw(
        'requestId=a1 started',
        'requestId=b2 started',
        'retry of requestId=zz, requestId=a1 completed in 35 ms',
        'requestId=c3 completed in 7 ms',
      ),
      [{ requestId: 'a1', duration: '35' }],
    ),
  ],
  notes: ['Every message is compared with every session: narrow the scope first.'],
  parse: parseSessionize,
  lower: lowerSessionize,
})
