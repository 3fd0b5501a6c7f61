// The rows of a group that has wanted results: goals for each row.
import { compileExpr, rowScope } from '../eval/compile.ts'
import { call, lit, present, test } from '../plan/build.ts'
import type { AggCall, Expr, Row, Stage, Value } from '../plan/plan.ts'
import { valueKey } from '../plan/value.ts'
import { type Assignment, textOf, typed } from './assignment.ts'
import { plainNumber } from './candidates.ts'
import { type Goal, variableOf } from './chain.ts'
import type { Check } from './solve.ts'
import type { Template } from './template.ts'

/** More events than this are not generated for one finding. */
export const MOST_EVENTS = 6000

export const valueAt = (e: Expr, rows: readonly Row[], step: number, template: Template): Value =>
  compileExpr(e, rowScope, template.env)(rows[step] ?? {})

/** `isCounted`: the condition of a count. */
type RowGoal = Goal & { readonly isCounted?: true }

export interface Need {
  /** Of one row: beside the goals. */
  readonly goals: readonly RowGoal[]
  readonly checks: readonly Check[]
}

export const textsEqual = (e: Expr, text: string): Goal['pred'] => {
  switch (e.ty) {
    case 'int':
      return test('int.eq', [e, lit(typed(text, 'int'), 'int')])
    case 'time':
      return test('time.eq', [e, lit(typed(text, 'time'), 'time')])
    case 'num':
      return test('num.eq', [e, lit(Number(text), 'num')])
    case 'dec':
      return test('num.eq', [call('dec.toNum', 'num', [e]), lit(Number(text), 'num')])
    case 'list':
      return test('list.contains', [e, lit(text, 'str')])
    default:
      return test('str.eq', [e, lit(text, 'str')])
  }
}

/** The needs of each row of the group, beside the goals. */
export function needsOf(
  template: Template,
  assigned: Assignment,
  calls: readonly AggCall[],
  step: number,
  stage: Stage,
  isApart: boolean,
): Need[] | undefined {
  const perRow: { goals: RowGoal[]; checks: Check[] }[] = [{ goals: [], checks: [] }]
  const row = (i: number): { goals: RowGoal[]; checks: Check[] } => {
    while (perRow.length <= i) perRow.push({ goals: [], checks: [] })
    return perRow[i] as { goals: Goal[]; checks: Check[] }
  }
  const equal = (i: number, e: Expr, text: string): void => {
    row(i).goals.push({ step, pred: textsEqual(e, text), want: true })
  }
  let exact: number | undefined
  for (const c of calls) {
    const text = assigned.get(variableOf(step, c.id))
    if (text === undefined || text === null) continue
    const [arg] = c.args
    const n = Number(text)
    switch (c.prim) {
      case 'agg.count': {
        if (!(n >= 0 && n <= MOST_EVENTS)) return undefined
        if (c.where.kind === 'true') exact = n
        const isCounted = c.where.kind !== 'true'
        // Rows that others count are left to them.
        const from =
          isApart && isCounted ? Math.max(0, perRow.findLastIndex((r) => r.goals.some((g) => g.isCounted)) + 1) : 0
        for (let i = from; i < from + n; i++) {
          row(i)
          if (isCounted) row(i).goals.push({ step, pred: c.where, want: true, isCounted: true })
        }
        break
      }
      case 'agg.countDistinct': {
        if (!arg || !(n >= 0 && n <= MOST_EVENTS)) return undefined
        const seen = new Set<string>()
        for (let i = 0; i < n; i++) {
          row(i).goals.push({ step, pred: present(arg), want: true })
          row(i).checks.push(differs([arg], i, seen, template, step))
        }
        break
      }
      case 'agg.sum':
      case 'agg.sumInt':
      case 'agg.sumNum': {
        if (arg) addSum(template, assigned, arg, n, step, row, perRow.length)
        break
      }
      case 'win.rank':
        if (n >= 1 && n <= MOST_EVENTS) row(n - 1)
        break
      case 'agg.stddevPop':
      case 'agg.stddevSamp':
        if (arg && stage.kind === 'aggregate') {
          equal(0, arg, '10')
          equal(1, arg, plainNumber(10 + 2 * n))
        }
        break
      default: {
        if (!arg) break
        // The last row of a window is the one that looks back.
        const at = stage.kind === 'window' ? 1 : /max/i.test(c.prim) && perRow.length > 1 ? 1 : 0
        if (
          stage.kind === 'aggregate' &&
          /^agg\.(?:max|latest)/.test(c.prim) &&
          calls.some((o) => o !== c && /^agg\.(?:min|earliest)/.test(o.prim) && assigned.has(variableOf(step, o.id)))
        )
          equal(1, arg, text)
        else equal(at, arg, text)
      }
    }
  }
  if (exact !== undefined && perRow.length > exact && exact > 0) return undefined
  if (exact === 0) return []
  // The template's own row comes last in a window, where its neighbours are before it.
  return stage.kind === 'window' ? [...perRow.slice(1), { goals: [], checks: [] }] : perRow
}

/** The values of expressions, together, differ from those of the rows before. */
export function differs(exprs: readonly Expr[], i: number, seen: Set<string>, template: Template, step: number): Check {
  return {
    vary: { exprs, step, turn: i },
    holds: (rows) => {
      const key = exprs.map((e) => valueKey(valueAt(e, rows, step, template))).join('')
      for (const s of seen) if (s.startsWith(`${key}#`) && s !== `${key}#${i}`) return false
      for (const s of [...seen]) if (s.endsWith(`#${i}`)) seen.delete(s)
      seen.add(`${key}#${i}`)
      return true
    },
  }
}

function addSum(
  template: Template,
  assigned: Assignment,
  arg: Expr,
  total: number,
  step: number,
  row: (i: number) => { goals: Goal[] },
  rows: number,
): void {
  const own = Number(textOf(valueAt(arg, template.rows(assigned), step, template)) ?? Number.NaN)
  if (rows > 1) {
    const each = Math.floor(total / rows)
    for (let i = 0; i < rows; i++)
      row(i).goals.push({
        step,
        pred: textsEqual(arg, plainNumber(i === 0 ? total - each * (rows - 1) : each)),
        want: true,
      })
  } else if (isFixedNumber(arg) && own > 0 && total / own <= MOST_EVENTS) {
    for (let i = 0; i < Math.ceil(total / own); i++) row(i)
  } else row(0).goals.push({ step, pred: textsEqual(arg, plainNumber(total)), want: true })
}

/** A number that is 0 or 1 by a condition: only more rows give a larger sum. */
const isFixedNumber = (e: Expr): boolean =>
  e.kind === 'lit' ||
  (e.kind === 'if' && isFixedNumber(e.then) && isFixedNumber(e.else)) ||
  (e.kind === 'call' && e.args.length > 0 && e.args.every(isFixedNumber))
