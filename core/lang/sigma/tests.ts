// Parts of tests: the number of a date, and the same tests of another value.
import { and, call, or, test, TRUE } from '../../plan/build.ts'
import type { Consts, Expr, Pred } from '../../plan/plan.ts'
import { byName } from '../../text/by-name.ts'
import type { Matching } from './builtin.ts'

/** A number of a date as written. The specification applies no zone. Undefined: the value is no number. */
export function dateTest(part: string, op: string, value: string | undefined, of: Expr): Pred | undefined {
  const n = numberOf(value)
  return n === undefined ? undefined : test('time.textPartIs', [of], { part, op: SIGNS[op] ?? '=', value: n })
}

const SIGNS: Readonly<Record<string, string>> = byName({ lt: '<', lte: '<=', gt: '>', gte: '>=' })

function numberOf(value: string | undefined): number | undefined {
  const n = Number(value)
  return value === undefined || value.trim() === '' || !Number.isFinite(n) ? undefined : n
}

/** Replaces the tests of a predicate, which must have no negation. */
export function mapTests(p: Pred, of: (t: Extract<Pred, { kind: 'test' }>) => Pred): Pred {
  switch (p.kind) {
    case 'and':
      return and(...p.of.map((q) => mapTests(q, of)))
    case 'or':
      return or(...p.of.map((q) => mapTests(q, of)))
    case 'present':
      return TRUE
    case 'test':
      return of(p)
    default:
      return p
  }
}

/** A pattern with a drive must also match the path of its volume (`\\Device\\HarddiskVolume3\\`). */
export function patternTest(of: Expr, consts: Consts): Pred {
  const found = test('re.test', [of], consts)
  const drive = /([A-Za-z])(?:-[A-Za-z]\])?\]?:\\\\/.exec(String(consts['pattern']))?.[1]
  if (drive === undefined) return found
  const volume = { pattern: '\\\\Device\\\\HarddiskVolume\\d+(?=\\\\)', flags: 'i', with: `${drive}:` }
  return or(found, test('re.test', [call('re.replace', 'str', [of], volume)], consts))
}

/** The value of one field against that of another. */
export function fieldTest(m: Matching, of: Expr, right: Expr): Pred {
  const fold = (e: Expr): Expr => (m.cased ? e : call('str.lower', 'str', [e]))
  const prim = { contains: 'str.contains', startswith: 'str.startsWith', endswith: 'str.endsWith' }[m.op] ?? 'str.eq'
  return test(prim, [fold(of), fold(right)])
}

/** Undefined: the value is no number. */
export function numberTest(op: string, value: string | undefined, of: Expr): Pred | undefined {
  const n = numberOf(value)
  if (n === undefined) return undefined
  const prim = { lt: 'num.lt', lte: 'num.le', gt: 'num.gt', gte: 'num.ge' }[op] ?? 'num.eq'
  return test(prim, [call('num.parse', 'num', [of]), { kind: 'lit', value: n, ty: 'num' }])
}
