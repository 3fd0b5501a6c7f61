// From a call in the text to the record of its function.
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Call } from '../3-parse/ast.ts'
import { Args } from './args.ts'
import type { Flow } from './flow.ts'
import { nearest } from '../../../text/nearest.ts'
import type { CallContext, CqlBuiltin } from './builtin.ts'
import { all } from '../builtins/_index.ts'
import { foreign, notImplemented } from '../known-names.ts'

const byName = new Map<string, CqlBuiltin>()
for (const b of all as readonly CqlBuiltin[]) {
  for (const name of [b.name, ...(b.aliases ?? [])]) byName.set(name.toLowerCase(), b)
}
export const builtins: readonly CqlBuiltin[] = all as readonly CqlBuiltin[]
export const builtinOf = (name: string): CqlBuiltin | undefined => byName.get(name.toLowerCase())

export interface FoundCall {
  readonly builtin: CqlBuiltin
  readonly context: CallContext
}

/** The function of a call with its arguments bound; undefined, and said, if there is none or an argument is wrong. */
export function callOf(
  flow: Flow,
  call: Call,
  more: { readonly as?: string; readonly negated?: boolean } = {},
): FoundCall | undefined {
  const found = builtinOf(call.name)
  if (!found) {
    unknown(flow, call)
    return undefined
  }
  const args = new Args(flow, call, found.name, found.params)
  if (!args.ok) return undefined
  const as = more.as ?? (found.params.some((p) => p.name === 'as') && args.has('as') ? args.text('as') : undefined)
  return { builtin: found, context: { flow, args, as, negated: more.negated ?? false } }
}

function unknown(flow: Flow, call: Call): void {
  const name = call.name
  const known = notImplemented.find((n) => n.toLowerCase() === name.toLowerCase())
  if (known) {
    flow.low.say(codes.notRunHere, call.nameSpan, { name: known })
    return
  }
  const hint = foreign.get(name.toLowerCase())
  const near = nearest(name, [...builtins.map((b) => b.name), ...notImplemented])
  flow.low.say(codes.noSuchFunction, call.nameSpan, { name, ...(near ? { near } : {}), ...(hint ? { hint } : {}) })
}
