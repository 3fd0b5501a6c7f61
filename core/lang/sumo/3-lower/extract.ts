// Fields read out of a text: which rows a parse drops, and what it does to fields that are there already.
import { col, holds, iff, or, present, truth } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name } from '../2-parse/ast.ts'
import type { Flow } from './flow.ts'

export interface Extracted {
  readonly columns: readonly { readonly name: string; readonly expr: Expr }[]
  readonly matched: Pred
  readonly nodrop: boolean
  /** Each column is searched for alone, not by one match. */
  readonly each?: true
}

/** A row that a nodrop parse directly before has matched survives a dropping one, if the choice says so. */
export function extract(f: Flow, found: Extracted): void {
  if (found.nodrop) {
    const chained = f.parseFollows && f.low.choice('nodrop-chain') === 'or'
    const flag = chained || keeps(f, found) ? f.setHidden('matched', truth(found.matched)) : undefined
    f.set(kept(f, found, flag))
    if (chained && flag?.kind === 'col') f.matched.push(flag.id)
    return
  }
  const before = f.matched.map((id) => holds(col(id, 'bool')))
  f.matched = []
  f.filter(before.length > 0 ? or(...before, found.matched) : found.matched)
  const flag = before.length > 0 && keeps(f, found) ? f.setHidden('matched', truth(found.matched)) : undefined
  f.set(flag ? kept(f, found, flag) : found.columns)
}

/** The field that a parse finds under a name that it gives: one of a stage before, or of the messages. */
function earlier(f: Flow, name: string): Expr | undefined {
  const known = f.fields.get(name.toLowerCase())
  if (known) return col(known.id, known.ty)
  if (!f.open || f.low.spelled(name) === undefined) return undefined
  const { expr } = f.read({ name, quoted: true, span: f.at })
  if (expr.kind === 'col') f.low.fallbacks.add(expr.id)
  return expr
}

const keeps = (f: Flow, found: Extracted): boolean => found.columns.some((c) => earlier(f, c.name) !== undefined)

/** What a parse does not find leaves a field as it was, if the choice says so. */
export function kept(f: Flow, found: Extracted, flag: Expr | undefined): Extracted['columns'] {
  return found.columns.map((c) => {
    const old = earlier(f, c.name)
    if (!old || f.low.choice('nodrop-keeps') !== 'keep') return c
    const has = found.each || !flag ? present(c.expr) : holds(flag)
    return { name: c.name, expr: iff(has, c.expr, toStr(old)) }
  })
}

<<<<<<< HEAD
export const inputOf = (f: Flow, field: Name | undefined): Expr => (field ? toStr(f.read(field).expr) : f.raw)
=======
const inputOf = (f: Flow, field: Name | undefined): Expr => (field ? toStr(f.read(field).expr) : f.raw)

// ── patterns ──

/** `*` captures as little as possible; a last one runs to the end, a first one starts at the beginning. */
export function anchorPattern(pattern: string): string {
  const literal = pattern
    .split('*')
    .map((p) => p.replace(/\\([nrt\\])/g, (_, c: string) => ({ n: '\n', r: '\r', t: '\t' })[c] ?? '\\'))
  const parts = literal.map((p) => escapeRegex(p))
  const body =
    parts
      .slice(0, -1)
      .map((p) => `${p}(.*?)`)
      .join('') + parts[parts.length - 1]
  return `${pattern.startsWith('*') ? '^' : ''}${body}${pattern.endsWith('*') ? '$' : ''}`
}

function anchors(f: Flow, s: Extract<ParseStage, { kind: 'anchor' }>): Extracted {
  const input = inputOf(f, s.field)
  const flags = f.low.choice('anchor-case') === 'insensitive' ? 'is' : 's'
  const columns: { name: string; expr: Expr }[] = []
  const tests: Pred[] = []
  for (const p of s.parts) {
    const stars = p.pattern.split('*').length - 1
    if (stars !== p.names.length) f.low.say(codes.sumoAnchorCount, p.span, { stars, names: p.names.length })
    const consts = { pattern: anchorPattern(p.pattern), flags }
    tests.push(test('re.test', [input], consts))
    p.names.forEach((n, i) => {
      if (i < stars && n.name !== '_')
        columns.push({ name: n.name, expr: call('re.group', 'str', [input], { ...consts, group: i + 1 }) })
    })
  }
  return { columns, matched: and(...tests), nodrop: s.nodrop }
}

function groupsOf(f: Flow, pattern: { readonly pattern: string; readonly span: Name['span'] }) {
  const consts = regexConsts(f, pattern.pattern, '', pattern)
  if (!consts) return undefined
  const parsed = parseRegex(consts.pattern, '')
  const groups = parsed.ok
    ? parsed.regex.groups.flatMap((name, i) => (name === null ? [] : [{ name, index: i + 1 }]))
    : []
  return { consts, groups }
}

function regexes(f: Flow, s: Extract<ParseStage, { kind: 'regex' }>): Extracted {
  const input = inputOf(f, s.field)
  const columns: { name: string; expr: Expr }[] = []
  const tests: Pred[] = []
  for (const p of s.patterns) {
    const found = groupsOf(f, p)
    if (!found) continue
    tests.push(test('re.test', [input], found.consts))
    for (const g of found.groups)
      columns.push({ name: g.name, expr: call('re.group', 'str', [input], { ...found.consts, group: g.index }) })
  }
  return { columns, matched: and(...tests), nodrop: s.nodrop }
}

/** One row per match. */
function multi(f: Flow, s: Extract<Stage, { kind: 'regex' }>) {
  const input = inputOf(f, s.field)
  const [only, ...others] = s.patterns
  const found = only && groupsOf(f, only)
  if (!found || others.length > 0 || found.groups.length === 0)
    return f.low.say(codes.sumoNotRun, s.head, {
      name: 'parse regex multi',
      reason: 'it needs one pattern with named groups',
    })
  const part = f.hidden('match')
  const list = call('re.groupAll', 'list', [input], { ...found.consts, group: 0 })
  f.push({ kind: 'unnest', list, into: part, index: null, keep: s.nodrop })
  // Look-around at the edges of a match would see another text here than in the message.
  const each = col(part, 'str')
  const columns = found.groups.map((g) => ({
    name: g.name,
    expr: call('re.group', 'str', [each], { ...found.consts, group: g.index }),
  }))
  const made = { columns, matched: present(each), nodrop: s.nodrop }
  f.set(s.nodrop ? kept(f, made, truth(made.matched)) : columns)
}

// ── JSON ──

/** Messages may carry JSON behind a header: from the first brace to the last. */
function jsonText(f: Flow, field: Name | undefined): Expr {
  if (field && field.name.toLowerCase() !== '_raw') return inputOf(f, field)
  const { raw } = f
  const whole = test('re.test', [raw], { pattern: '^\\s*(?:\\{.*\\}|\\[\\s*[\\[{"0-9].*\\])\\s*$', flags: 's' })
  const inside = call('re.group', 'str', [raw], { pattern: '(\\{.*\\})', flags: 's', group: 1 })
  return f.setHidden('json', iff(whole, raw, inside))
}

function json(f: Flow, s: Extract<ParseStage, { kind: 'json' }>): Extracted {
  const input = jsonText(f, s.field)
  const columns = s.paths.map((p) => ({ name: p.as?.name ?? p.path, expr: jsonValue(f, input, p.path, p.span) }))
  const found = columns.map((c) => present(c.expr))
  const matched = columns.length > 1 && f.low.choice('json-missing') === 'all' ? or(...found) : and(...found)
  return { columns, matched, nodrop: s.nodrop, each: true }
}

function jsonValue(f: Flow, input: Expr, written: string, at: Name['span']): Expr {
  const path = jsonPath(written)
  if (path === undefined) {
    f.low.say(codes.sumoNotRun, at, {
      name: `the path ${written}`,
      reason: 'it is not a JsonPath, or it has a condition of several parts',
    })
    return text('')
  }
  const plain = path.every((p) => typeof p === 'string' || typeof p === 'number')
  return call(plain ? 'json.get' : 'json.getAll', 'str', [input], { path })
}

function jsonAuto(f: Flow, s: Extract<Stage, { kind: 'jsonAuto' }>): void {
  const input = s.field ? inputOf(f, s.field) : f.raw
  const id = f.hidden('auto')
  f.push({ kind: 'set', columns: [{ id, expr: input }] })
  const { maxDepth, arrays } = s
  if (s.keys.length === 0) {
    f.readJson({ id, maxDepth, arrays })
    return
  }
  f.set(
    s.keys.map((p) => ({
      name: p.as?.name ?? p.path,
      expr: call('json.named', 'str', [col(id, 'str')], { name: p.path, maxDepth: maxDepth ?? null, arrays }),
    })),
  )
}

// ── XML ──

function xml(f: Flow, s: Extract<ParseStage, { kind: 'xml' }>): Extracted {
  const input = inputOf(f, s.field)
  const columns = s.paths.map((p) => {
    if (!xmlPath(p.path))
      f.low.say(codes.sumoNotRun, p.span, {
        name: `the path ${p.path}`,
        reason: 'it supports only absolute paths without a step back, such as /a/b[2]/@id or /a/b/text()',
      })
    return { name: p.as?.name ?? p.path, expr: call('xml.get', 'str', [input], { path: p.path }) }
  })
  return { columns, matched: and(...columns.map((c) => present(c.expr))), nodrop: s.nodrop, each: true }
}

// ── key=value, columns ──

function kv(f: Flow, s: Extract<ParseStage, { kind: 'kv' }>): Extracted {
  const input = inputOf(f, s.field)
  const columns = s.keys.map((k) => ({
    name: k.as?.name ?? k.path.replace(/[^A-Za-z0-9_]/g, '_'),
    expr: kvValue(f, input, k.path, s),
  }))
  const matched = s.mode === 'auto' ? TRUE : and(...columns.map((c) => present(c.expr)))
  return { columns, matched, nodrop: s.nodrop, each: true }
}

function kvValue(f: Flow, input: Expr, key: string, s: Extract<ParseStage, { kind: 'kv' }>): Expr {
  const k = escapeRegex(key)
  const read = (pattern: string, group: number): Expr => call('re.group', 'str', [input], { pattern, flags: '', group })
  if (s.mode === 'regex' && s.regex !== undefined) {
    // Its first group is the key, the second the value: the key is put in its place.
    const given = s.regex.replace(/\((?!\?)[^()]*\)/, `(?:${k})`)
    const parsed = parseRegex(given, '')
    if (!parsed.ok) regexConsts(f, s.regex, '', { span: f.at })
    else if (parsed.regex.groups.length >= 1) return read(given, 1)
    return read(`${k}\\W*?${s.regex}`, 1)
  }
  f.low.choice('kv-infer')
  const between = s.delimiter === undefined ? '\\s*(?:=|:|->)\\s*' : `\\s*${escapeRegex(s.delimiter)}\\s*`
  const start = `(?:^|[\\s,;|&?{(\\["'])${k}["']?${between}`
  const quoted = read(`${start}"((?:[^"\\\\]|\\\\.)*)"`, 1)
  return iff(present(quoted), quoted, read(`${start}([^\\s,;&|"}\\])]+)`, 1))
}

function columns(f: Flow, s: Extract<ParseStage, { kind: 'columns' }>): Extracted {
  const input = inputOf(f, s.field)
  const { delimiter, quote } = s
  const made = s.columns.map((c) => ({
    name: c.as.name,
    expr: call('str.column', 'str', [input], { index: c.index, delimiter, escape: s.escape, quote }),
  }))
  const last = made[made.length - 1]
  return { columns: made, matched: last ? present(input) : FALSE, nodrop: true }
}
>>>>>>> da3a9aa (Refusals, help and summaries in plain English)
