// Parts of tests: the number of a date, and the same tests of another value.
import { and, call, or, test, text, TRUE } from '../../plan/build.ts'
import type { Consts, Expr, Pred } from '../../plan/plan.ts'
import type { Matching } from './builtin.ts'

/** A number of a date as written: ISO 8601, or with blanks and slashes. The specification applies no zone. */
export function datePart(of: Expr, part: string): Expr {
  const day = '(?<year>\\d{4})[-/](?<month>\\d{2})[-/](?<day>\\d{2})'
  const group = (pattern: string, name: string): Expr =>
    call('re.group', 'str', [of], { pattern, flags: '', group: name })
  if (part !== 'week') return group(`^\\s*${day}(?:[T ](?<hour>\\d{2}):(?<minute>\\d{2}))?`, part)
  const date = call('str.concat', 'str', [
    group(`^\\s*${day}`, 'year'),
    text('-'),
    group(`^\\s*${day}`, 'month'),
    text('-'),
    group(`^\\s*${day}`, 'day'),
  ])
  const time = call('time.parse', 'time', [date], { pattern: '%Y-%m-%d', zone: 'UTC' })
  return call('int.toText', 'str', [call('time.part', 'int', [time], { part, zone: 'UTC' })])
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
  const n = Number(value)
  if (value === undefined || value.trim() === '' || !Number.isFinite(n)) return undefined
  const prim = { lt: 'num.lt', lte: 'num.le', gt: 'num.gt', gte: 'num.ge' }[op] ?? 'num.eq'
  return test(prim, [call('num.parse', 'num', [of]), { kind: 'lit', value: n, ty: 'num' }])
}
