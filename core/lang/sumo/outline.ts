// The outline of a Sumo tree.
import type * as outline from '../shared/outline.ts'
import type * as ast from './2-parse/ast.ts'
import { where } from './builtins/where.ts'

const inList = (values: readonly string[]): string => values.map((v) => `"${v}"`).join(', ')

/** Expressions: https://help.sumologic.com/docs/search/search-query-language/field-expressions/. */
const traits: outline.Traits = {
  orFirst: false,
  absentDiffers: false,
  foldsCase: false,
  regexValue: (field, pattern, negated) =>
    negated
      ? `!(${field} matches /${pattern.replace(/(?<!\\)\//g, '\\/')}/)`
      : `${field} matches /${pattern.replace(/(?<!\\)\//g, '\\/')}/`,
  subnetTest: (field, subnets, negated) => {
    const tests = subnets.map((s) => {
      const [network = '', bits = ''] = s.split('/')
      return `compareCIDRPrefix("${network}", ${field}, toInt(${bits}))`
    })
    return `${negated ? '!' : ''}${tests.length === 1 ? tests[0] : `(${tests.join(' or ')})`}`
  },
  globTest: (field, pattern, negated) =>
    negated ? `!(${field} matches ${inList([pattern])})` : `${field} matches ${inList([pattern])}`,
}

export function outlineOf({ scope, stages }: ast.Query, text: string): outline.Outline {
  const pipelines: outline.Pipeline[] = []
  const steps: outline.Step[] = []
  pipelines.push({ steps, isMain: true })
  if (scope) steps.push({ kind: 'filter', where: scoped(scope, text), at: scope.span })
  for (const stage of stages) steps.push(stepOf(stage))
  return { traits, pipelines }
}

function stepOf(stage: ast.Stage): outline.Step {
  const at = stage.span
  switch (stage.kind) {
    case 'aggregate':
      return { kind: 'other', name: stage.aggs[0]?.name ?? 'count', isAggregate: true, at }
    case 'assign':
      return stage.target
        ? { kind: 'set', field: stage.target.name, value: literal(stage.value), at }
        : { kind: 'other', name: 'assign', isAggregate: false, at }
    case 'operator':
      return stage.name === where.name
        ? { kind: 'filter', where: condition(stage.node as ast.Expr), at }
        : { kind: 'other', name: stage.name.toLowerCase(), isAggregate: NEW_ROWS.has(stage.name.toLowerCase()), at }
    default:
      return { kind: 'other', name: stage.kind, isAggregate: false, at }
  }
}

const NEW_ROWS: ReadonlySet<string> = new Set([
  'transpose',
  'transactionize',
  'transaction',
  'merge',
  'logreduce',
  'join',
])

/** Everything in a scope ignores case, and only unquoted values have wildcards. */
function scoped(s: ast.Scope, text: string, inBrackets = false): outline.Condition {
  const at = s.span
  switch (s.kind) {
    case 'and':
    case 'or':
      return {
        kind: s.kind,
        of: s.of.map((x) => scoped(x, text)),
        isWritten: s.of.some((x, i) =>
          /\b(?:and|or)\b/i.test(text.slice(x.span.end, s.of[i + 1]?.span.start ?? x.span.end)),
        ),
        inBrackets,
        at,
      }
    case 'field': {
      const { value, field } = s
      if (/\{\{|\$\$/.test(value.text)) return { kind: 'opaque', at }
      const of: outline.Value = { kind: value.quoted ? 'text' : 'bare', text: value.text, at: value.span }
      return {
        kind: 'compare',
        field: field.name,
        fieldAt: field.span,
        op: '=',
        values: [of],
        hasWildcards: !value.quoted,
        foldsCase: true,
        at,
      }
    }
    case 'group':
      return scoped(s.of, text, true)
    case 'not':
      return { kind: 'not', of: scoped(s.of, text), at }
    case 'term':
      return { kind: 'text', value: { kind: s.quoted ? 'text' : 'bare', text: s.text, at }, at }
    default:
      return { kind: 'opaque', at }
  }
}

function condition(e: ast.Expr, inBrackets = false): outline.Condition {
  const at = e.span
  if (e.kind === 'group') return condition(e.of, true)
  if (e.kind === 'unary' && e.op === '!') return { kind: 'not', of: condition(e.of), at }
  if (e.kind === 'binary' && (e.op === 'and' || e.op === 'or'))
    return { kind: e.op, of: operands(e, e.op).map((x) => condition(x)), isWritten: true, inBrackets, at }
  if (e.kind === 'in') {
    const test = compared(e.of, 'in', e.list, false, e.span)
    return e.negated && test.kind === 'compare' ? { kind: 'not', of: test, at } : test
  }
  if (e.kind !== 'binary') return { kind: 'opaque', at }
  const { op, left, right } = e
  if (op === 'contains') return compared(left, 'contains', [right], false, at)
  if (op === 'matches') return compared(left, right.kind === 'regex' ? 'regex' : '=', [right], true, at)
  return op === '=' || op === '!=' || op === '<' || op === '<=' || op === '>' || op === '>='
    ? compared(left, op, [right], false, at)
    : { kind: 'opaque', at }
}

/** `a or b or c` as one list. */
const operands = (e: ast.Expr, op: 'and' | 'or'): ast.Expr[] =>
  e.kind === 'binary' && e.op === op ? [...operands(e.left, op), ...operands(e.right, op)] : [e]

function compared(
  of: ast.Expr,
  op: outline.Compare['op'],
  list: readonly ast.Expr[],
  hasWildcards: boolean,
  at: ast.Expr['span'],
): outline.Condition {
  const values = list.flatMap((x) => literal(x) ?? [])
  if (of.kind !== 'field' || values.length < list.length) return { kind: 'opaque', at }
  return { kind: 'compare', field: of.name.name, fieldAt: of.name.span, op, values, hasWildcards, at }
}

function literal(e: ast.Expr): outline.Value | undefined {
  const at = e.span
  switch (e.kind) {
    case 'field':
      return { kind: 'field', text: e.name.name, at }
    case 'hole':
      return { kind: 'hole', text: e.name, at }
    case 'number':
      return { kind: 'number', text: e.text, at }
    case 'regex':
      return { kind: 'regex', text: e.pattern, at }
    case 'string':
      return /\{\{|\$\$/.test(e.text) ? { kind: 'hole', text: e.text, at } : { kind: 'text', text: e.text, at }
    default:
      return undefined
  }
}
