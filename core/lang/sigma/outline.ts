// The outline of a Sigma file: each rule is a pipeline of one filter, with its selections in the places of their names.
import { byName } from '../../text/by-name.ts'
import type { Span } from '../../text/source.ts'
import type * as outline from '../shared/outline.ts'
import { selected } from './2-parse-detection.ts'
import type { Condition, Filter, Item, Rule, Search, SigmaFile } from './ast.ts'
import { fieldsOf } from './taxonomy.ts'

/** https://github.com/SigmaHQ/sigma-specification: values ignore case, and the condition binds `not`, `and`, `or` in this order. */
const traits: outline.Traits = {
  orFirst: false,
  absentDiffers: false,
  foldsCase: true,
  subnetTest: (field, subnets) => `${field}|cidr: ${subnets.map((s) => `'${s}'`).join(', ')}`,
}

export function outlineOf({ documents }: SigmaFile): outline.Outline {
  const pipelines = documents.flatMap((d): outline.Pipeline[] =>
    d.kind === 'correlation'
      ? []
      : [
          {
            isMain: true,
            logs: [d.logsource.product, d.logsource.category, d.logsource.service].map((x) => x ?? '').join('/'),
            steps: [{ kind: 'filter', where: whole(d, d.condition), at: d.conditionSpan }],
            ...known(d),
            read: [...d.searches.values()].flatMap((s) => readBy(s.search)),
          },
        ],
  )
  return { traits, pipelines }
}

type Detection = Filter | Rule

function known({ logsource }: Detection): Pick<outline.Pipeline, 'fields'> {
  const names = fieldsOf(logsource)
  const { product, category, service } = logsource
  const of = [product, category ?? service].filter((x) => x !== undefined).join(' ')
  return names ? { fields: { names, of: `an event of ${of}` } } : {}
}

function whole(rule: Detection, c: Condition): outline.Condition {
  const at = rule.conditionSpan
  switch (c.kind) {
    case 'and':
    case 'or':
      return { kind: c.kind, of: c.of.map((x) => whole(rule, x)), isWritten: true, inBrackets: true, at }
    case 'name':
      return named(rule, c.name, c.span)
    case 'not':
      return { kind: 'not', of: whole(rule, c.of), at }
    case 'of': {
      const of = selected(c.pattern, rule.searches.keys()).map((n) => named(rule, n, c.span))
      return { kind: c.all ? 'and' : 'or', of, isWritten: true, inBrackets: true, at: c.span }
    }
  }
}

function named(rule: Detection, name: string, at: Span): outline.Condition {
  const found = rule.searches.get(name)
  return found ? search(found.search, found.span) : { kind: 'opaque', at }
}

function search(s: Search, at: Span): outline.Condition {
  if (s.kind === 'item') return item(s)
  const of = s.of.map((x) => search(x, at))
  return { kind: s.kind === 'all' ? 'and' : 'or', of, isWritten: true, inBrackets: true, at }
}

function readBy(s: Search): { readonly name: string; readonly at: Span }[] {
  if (s.kind !== 'item') return s.of.flatMap(readBy)
  if (s.field === undefined || item(s).kind !== 'opaque') return []
  return [{ name: s.field, at: { start: s.span.start, end: s.span.start + s.field.length } }]
}

const OPS = byName<outline.Compare['op']>({
  cidr: 'subnet',
  contains: 'contains',
  endswith: 'ends',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  re: 'regex',
  startswith: 'starts',
})
/** Modifiers that leave the values as they are written. */
const PLAIN: ReadonlySet<string> = new Set(['all', 'cased', 'i', 'm', 's'])

function item({ field, modifiers, values, span: at }: Item): outline.Condition {
  const ops = modifiers.filter((m) => OPS[m] !== undefined)
  const isKnown = modifiers.every((m) => PLAIN.has(m) || OPS[m] !== undefined)
  const found = values.flatMap((v): outline.Value[] =>
    v.text === undefined ? [] : [{ kind: v.isText ? 'text' : 'number', text: v.text, at: v.span }],
  )
  if (!isKnown || ops.length > 1 || found.length < values.length || found.length === 0) return { kind: 'opaque', at }
  const op = OPS[ops[0] ?? ''] ?? 'in'
  if (field === undefined) {
    const texts = found.map((value): outline.Condition => ({ kind: 'text', value, at: value.at }))
    return texts.length === 1
      ? (texts[0] as outline.Condition)
      : { kind: modifiers.includes('all') ? 'and' : 'or', of: texts, isWritten: true, inBrackets: true, at }
  }
  const fieldAt = { start: at.start, end: at.start + field.length }
  const test = (of: readonly outline.Value[]): outline.Compare => ({
    kind: 'compare',
    field,
    fieldAt,
    op,
    values: of,
    hasWildcards: op !== 'regex',
    ...(modifiers.includes('cased') ? { isCased: true } : {}),
    at,
  })
  return modifiers.includes('all') && found.length > 1
    ? { kind: 'and', of: found.map((v) => test([v])), isWritten: true, inBrackets: true, at }
    : test(found)
}
