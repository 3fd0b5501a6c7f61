// Filters, and the fields that their regexes make.
import { writtenTime } from './written-time.ts'
import { and, col, FALSE, holds, lit, not, or, present, test, TRUE } from '../../../plan/build.ts'
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Arg, Call, Compare, Filter, Name, Value } from '../3-parse/ast.ts'
import { callOf } from './call.ts'
import type { Flow } from './flow.ts'
import { assignGroups, patternOf } from './regex.ts'
import { valuePred } from './value-pred.ts'
import { numberOf, toStr } from '../../shared/convert.ts'
import { isNull, ordered, toPred } from './values.ts'

/** A filter as a step: its conjuncts in order, with regex captures and calls that are steps. */
export function filterStep(flow: Flow, f: Filter): void {
  switch (f.kind) {
    case 'group':
      filterStep(flow, f.of)
      return
    case 'and':
      for (const part of f.of) filterStep(flow, part)
      return
    case 'call':
      flow.parts.runCall(flow, f.call)
      return
    case 'applied':
      flow.parts.runCall(flow, appliedCall(f), { negated: f.negated })
      return
    case 'not':
      if (f.of.kind === 'call' || f.of.kind === 'applied') {
        const negated = f.of.kind === 'call' || !f.of.negated
        flow.parts.runCall(flow, f.of.kind === 'call' ? f.of.call : appliedCall(f.of), { negated })
        return
      }
      flow.filter(filterPred(flow, f))
      return
    case 'saved':
      flow.parts.steps(flow, {
        steps: [{ kind: 'saved', name: f.name, args: f.args, span: f.span }],
        span: f.span,
      })
      return
    case 'compare':
      if (f.op === '=' && f.value.kind === 'regex') {
        capture(flow, flow.read(f.field.name), f.value)
        return
      }
      {
        flow.filter(comparePred(flow, f))
        return
      }
    case 'freeText': {
      flow.filter(filterPred(flow, f))
      if (f.value.kind !== 'regex') return
      const p = patternOf(flow, f.value.pattern, f.value.flags, f.value.span)
      if (p && p.groups.length > 0) assignGroups(flow, flow.read('@rawstring'), p)
      return
    }
    default:
      flow.filter(filterPred(flow, f))
      return
  }
}

function capture(flow: Flow, subject: Expr, regex: Extract<Value, { kind: 'regex' }>): void {
  const p = patternOf(flow, regex.pattern, regex.flags, regex.span)
  if (!p) return
  flow.filter(test('re.test', [toStr(subject)], p.consts))
  assignGroups(flow, toStr(subject), p)
}

/** `field =~ fn(...)` is `fn(field=field, ...)`; array functions take the name as `array`. */
function appliedCall(f: { readonly field: Name; readonly call: Call }): Call {
  const name = f.call.name.toLowerCase().startsWith('array:')
    ? 'array'
    : f.call.name.toLowerCase().startsWith('text:')
      ? 'string'
      : 'field'
  const arg: Arg = { name, value: { kind: 'field', name: f.field, span: f.field.span }, span: f.field.span }
  return { ...f.call, args: [arg, ...f.call.args] }
}

export function filterPred(flow: Flow, f: Filter): Pred {
  switch (f.kind) {
    case 'group':
      return filterPred(flow, f.of)
    case 'and':
      return and(...f.of.map((p) => filterPred(flow, p)))
    case 'or':
      return or(...f.of.map((p) => filterPred(flow, p)))
    case 'not':
      return not(filterPred(flow, f.of))
    case 'bool':
      return f.value ? TRUE : FALSE
    case 'everything':
      return TRUE
    case 'compare':
      return comparePred(flow, f)
    case 'freeText':
      return freeText(flow, f.value)
    case 'call':
      return callPred(flow, f.call)
    case 'applied': {
      const pred = callPred(flow, appliedCall(f))
      return f.negated ? not(pred) : pred
    }
    case 'saved': {
      const branch = flow.branch(f.span)
      flow.parts.steps(branch, {
        steps: [{ kind: 'saved', name: f.name, args: f.args, span: f.span }],
        span: f.span,
      })
      return branch.cond
    }
  }
}

function callPred(flow: Flow, c: Call): Pred {
  const found = callOf(flow, c)
  if (!found) return FALSE
  const { lower, name } = found.builtin
  if (lower.kind === 'condition') return lower.condition(found.context)
  if (lower.kind === 'value') return toPred(lower.value(found.context))
  if (lower.kind === 'step' && !lower.whole) {
    // Under `or` and `not` the filters of a step are its condition.
    const branch = flow.branch(c.span)
    lower.step({ ...found.context, flow: branch })
    return branch.cond
  }
  flow.lowering.report(codes.notAFilter, c.span, { name })
  return FALSE
}

function comparePred(flow: Flow, f: Compare): Pred {
  const subject = flow.read(f.field.name)
  switch (f.op) {
    case '=':
      return valuePred(flow, subject, f.value, true)
    case '!=':
      return not(valuePred(flow, subject, f.value, true))
    case 'like':
      return likePred(flow, subject, f.value)
    case '<=>':
      flow.lowering.report(codes.linkOutside, f.span, { op: f.op })
      return FALSE
    default: {
      const right = rightSide(flow, f.value)
      if (right.kind === 'lit' && (typeof right.value !== 'string' || numberOf(right.value) === null)) {
        const value = String(right.value ?? '')
        if (f.value.kind !== 'param')
          flow.lowering.report(codes.neverNumeric, f.value.span, {
            field: f.field.name,
            op: f.op,
            value,
            time: writtenTime(f.field.name, value),
          })
        return FALSE
      }
      return ordered(f.op, subject, right)
    }
  }
}

function rightSide(flow: Flow, v: Value): Expr {
  switch (v.kind) {
    case 'bare':
    case 'string':
      return lit(v.text, 'str')
    case 'param':
      return lit(flow.lowering.parameter(v.name, v.span, v.default) ?? '', 'str')
    case 'call':
      return flow.parts.callValue(flow, v.call)
    case 'regex':
      return lit(v.pattern, 'str')
  }
}

function likePred(flow: Flow, subject: Expr, v: Value): Pred {
  if (v.kind === 'regex') return valuePred(flow, subject, v, true)
  const right = rightSide(flow, v)
  const text = right.kind === 'lit' ? String(right.value ?? '') : ''
  if (/^\*+$/.test(text)) return present(subject)
  return test('str.glob', [toStr(subject)], { pattern: `*${text}*`, ignoreCase: false })
}

/**
 * Fields that free text does not search: metadata and all tags. A log may hold a tag under a name without `#`, which the aliases of its
 * format resolve, so those tags are listed by name.
 */
const NOT_SEARCHED = [
  '@id',
  '@timestamp',
  '@timestamp.nanos',
  '@ingesttimestamp',
  '#event_simpleName',
  '#repo',
  '#repo.cid',
  '#type',
  '#cid',
  '#Vendor',
  '#event.module',
  '#event.dataset',
  '#event.kind',
  '#event.outcome',
  '#ecs.version',
  '#observer.type',
  '#error',
]

function freeText(flow: Flow, v: Value): Pred {
  const where = searchTest(flow, v)
  if (!where) return TRUE
  if (flow.aggregated) {
    flow.lowering.report(codes.freeTextLate, v.span, {
      text: flow.lowering.source.text.slice(v.span.start, v.span.end),
    })
    const columns = [...flow.names.values()].filter((e) => !isNull(e))
    return or(...columns.map((e) => test(where.prim, [toStr(e)], where.consts)))
  }
  // A parser's event is its text so far.
  if (flow.lowering.isParser) return test(where.prim, [toStr(flow.read('@rawstring'))], where.consts)
  // The search reads the original events, so it is a column of the source.
  const id = `$:search ${where.prim} ${Object.values(where.consts).join(' ')}`
  const found = flow.rel.source.column(id, 'bool', {
    kind: 'search',
    test: where,
    except: NOT_SEARCHED,
    exceptPrefixes: ['#'],
  })
  return holds(col(id, found.ty))
}

function searchTest(
  flow: Flow,
  v: Value,
): { prim: string; consts: Readonly<Record<string, string | boolean>> } | undefined {
  if (v.kind === 'regex') {
    const p = patternOf(flow, v.pattern, v.flags, v.span)
    return p ? { prim: 're.test', consts: p.consts } : undefined
  }
  const right = rightSide(flow, v)
  const text = right.kind === 'lit' ? String(right.value ?? '*') : '*'
  if (text === '' || /^\*+$/.test(text)) return undefined
  return { prim: 'str.glob', consts: { pattern: `*${text}*`, ignoreCase: false } }
}
