// Facts that a comparison over generated events assumes. A result that rests on them says so.
import type { Expr } from '../../core/plan/plan.ts'
import { isLookup, lookupName, planSources } from '../../core/plan/sources.ts'
import { visitPlan } from '../../core/plan/walk.ts'
import type { Compiled } from '../../core/workbench/compile.ts'
import { WITNESS_ENV } from '../../core/witness/telemetry.ts'

export function assumptionsOf(a: Compiled, b: Compiled): string[] {
  const exprs: Expr[] = []
  const lookups = new Set<string>()
  for (const { plan } of [a, b]) {
    if (!plan) continue
    visitPlan(plan, { expr: (e) => void exprs.push(e) })
    for (const s of planSources(plan)) if (isLookup(s)) lookups.add(lookupName(s))
  }
  const out: string[] = []
  if (exprs.some((e) => e.kind === 'env'))
    out.push(`the run is at ${stamp(WITNESS_ENV.now)}, over the interval from ${stamp(WITNESS_ENV.start)}`)
  if (exprs.some((e) => e.kind === 'call' && e.consts['zone'] === 'UTC')) out.push('times of day are in UTC')
  for (const name of lookups) out.push(`the rows of \`${name}\` are generated, not yours`)
  const portable = a.language === b.language ? undefined : [a, b].find((c) => c.language.platform.portable)
  if (portable) out.push(`the fields of ${portable === a ? 'A' : 'B'} have the names of ${portable === a ? 'B' : 'A'}`)
  return out
}

const stamp = (micros: bigint): string =>
  `${new Date(Number(micros / 1000n)).toISOString().slice(0, 16).replace('T', ' ')} UTC`
