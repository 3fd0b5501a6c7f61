// Fields out of a text by the named groups of a regular expression.
import { sumoNotRun, sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { and, call, col, present, test, truth } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { children, type Node } from '../../../regex/ast.ts'
import { parseRegex } from '../../../regex/regex.ts'
import type { Span } from '../../../text/source.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { type ExtractOptions, extractOption, isPattern, regexPattern } from '../2-parse/parse-extract.ts'
import { FIELD, NODROP, operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import { extract, type Extracted, inputOf, keepOldValues } from '../3-lower/extract.ts'
import type { Flow } from '../3-lower/flow.ts'
import { regexConsts } from '../3-lower/regex.ts'

export interface Regexes extends ExtractOptions {
  readonly patterns: readonly { readonly pattern: string; readonly span: Span }[]
  /** A row for each match. */
  readonly multi: boolean
}

function parseRegexes(c: Cursor): Regexes | undefined {
  const into: ExtractOptions & { multi: boolean } = { field: undefined, nodrop: false, multi: false }
  const patterns: { pattern: string; span: Span }[] = []
  while (!c.stageOver) {
    if (extractOption(c, into)) continue
    if (c.eatWord('multi')) into.multi = true
    else if (isPattern(c)) {
      const p = regexPattern(c)
      patterns.push({ pattern: p.text, span: p.span })
    } else if (c.peek().kind === 'regex') {
      const t = c.next()
      patterns.push({ pattern: t.text.slice(1, t.text.lastIndexOf('/')), span: t.span })
    } else if (!c.eat(',')) {
      c.fail('a regular expression in double quotes')
      return undefined
    }
  }
  if (patterns.length === 0) c.fail('a regular expression in double quotes')
  return patterns.length === 0 ? undefined : { ...into, patterns }
}

function groupsOf(f: Flow, pattern: { readonly pattern: string; readonly span: Span }) {
  const consts = regexConsts(f, pattern.pattern, '', pattern)
  if (!consts) return undefined
  const parsed = parseRegex(consts.pattern, '')
  const groups = parsed.ok
    ? parsed.regex.groups.flatMap((name, i) => (name === null ? [] : [{ name, index: i + 1 }]))
    : []
  return { consts, groups, nested: parsed.ok && hasNested(parsed.regex.root, false) }
}

/** A named group inside another: the page does not support it. */
const hasNested = (node: Node, inside: boolean): boolean => {
  const named = node.kind === 'group' && node.name !== null
  return (named && inside) || children(node).some((kid) => hasNested(kid, inside || named))
}

function regexes(f: Flow, s: Regexes): Extracted {
  const input = inputOf(f, s.field)
  const columns: { name: string; expr: Expr }[] = []
  const tests: Pred[] = []
  for (const p of s.patterns) {
    const found = groupsOf(f, p)
    if (!found) continue
    if (found.groups.length === 0)
      f.lowering.report(sumoRuledOut, p.span, {
        what: 'the regular expression has no named group',
        remedy: 'name what it reads, such as (?<port>\\d+); to filter rows, use `where _raw matches /…/`',
      })
    if (found.nested)
      f.lowering.report(sumoRuledOut, p.span, {
        what: 'a named group cannot hold another named group',
        remedy: 'read the inner value in a step of its own: `parse regex field=outer "(?<inner>...)"`',
      })
    tests.push(test('re.test', [input], found.consts))
    for (const g of found.groups)
      columns.push({ name: g.name, expr: call('re.group', 'str', [input], { ...found.consts, group: g.index }) })
  }
  return { columns, matched: and(...tests), nodrop: s.nodrop }
}

/** One row per match. */
function lowerMulti(f: Flow, s: Regexes, head: Span): void {
  const input = inputOf(f, s.field)
  const [only, ...others] = s.patterns
  const found = only && groupsOf(f, only)
  if (!found || others.length > 0 || found.groups.length === 0) {
    f.lowering.report(sumoNotRun, head, { name: 'parse regex multi', reason: 'it needs one pattern with named groups' })
    return
  }
  const part = f.hidden('match')
  const list = call('re.groupAll', 'list', [input], { ...found.consts, group: 0 })
  f.push({ kind: 'unnest', list, into: part, index: null, keep: s.nodrop })
  // Known difference: look-around at the edges of a match sees the match alone, not the message around it.
  const each = col(part, 'str')
  const columns = found.groups.map((g) => ({
    name: g.name,
    expr: call('re.group', 'str', [each], { ...found.consts, group: g.index }),
  }))
  const match = { columns, matched: present(each), nodrop: s.nodrop }
  f.set(s.nodrop ? keepOldValues(f, match, truth(match.matched)) : columns)
}

export const parseRegexOperator = operator<Regexes>({
  name: 'parse regex',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads the named groups of a regular expression.',
  params: [
    param('pattern', 'text', 'With (?<name>…).'),
    FIELD,
    NODROP,
    param('multi', 'bool', 'A row for each match.', false),
  ],
  examples: [
    search('parse regex "id=(?<id>\\d+)" nodrop | fields id', raw('id=7', 'none'), [{}, { id: '7' }]),
    search('parse regex "(?<d>\\d)" multi | count by d | sort by d asc', raw('1 2', 'x'), [
      { d: '1', _count: 1 },
      { d: '2', _count: 1 },
    ]),
  ],
  aliases: ['extract'],
  parse: parseRegexes,
  lower: (f, node, { head }) => (node.multi ? lowerMulti(f, node, head) : extract(f, regexes(f, node))),
})
