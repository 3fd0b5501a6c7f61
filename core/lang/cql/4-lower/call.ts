// From a call in the text to the record of its function.
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Call } from '../3-parse/ast.ts'
import { Args } from './args.ts'
import type { Flow } from './flow.ts'
import { nearest } from '../../../text/nearest.ts'
import type { CallContext, CqlBuiltin } from './builtin.ts'
import { foreign, notImplemented } from '../known-names.ts'

export interface FoundCall {
  readonly builtin: CqlBuiltin
  readonly context: CallContext
}

/** The function of a call with its arguments bound; undefined, with a diagnostic, if there is none or an argument is wrong. */
export function callOf(
  flow: Flow,
  call: Call,
  options: { readonly as?: string; readonly negated?: boolean } = {},
): FoundCall | undefined {
  const found = flow.parts.registry.byName.get(call.name.toLowerCase())
  if (!found) {
    reportUnknown(flow, call)
    return undefined
  }
  const args = new Args(flow, call, found.name, found.params)
  if (!args.ok) return undefined
  const as = options.as ?? (found.params.some((p) => p.name === 'as') && args.has('as') ? args.text('as') : undefined)
  return { builtin: found, context: { flow, args, as, negated: options.negated ?? false } }
}

/** Says that there is no such function, or that it is not run here. */
export function reportUnknown(flow: Flow, call: Call): void {
  const name = call.name
  const later = [...notImplemented.keys()].find((n) => n.toLowerCase() === name.toLowerCase())
  if (later) {
    const why = notImplemented.get(later)
    flow.lowering.report(codes.notRunHere, call.nameSpan, { name: later, ...(why === undefined ? {} : { why }) })
    return
  }
  flow.lowering.report(codes.noSuchFunction, call.nameSpan, unknownName(name, flow.parts.registry.names))
}

/** The likeness of a name that no function has, and a hint if it is of another language. */
export function unknownName(name: string, known: readonly string[]): { name: string; near?: string; hint?: string } {
  const hint = foreign.get(name.toLowerCase())
  const near = nearest(name, [...known, ...notImplemented.keys()])
  return { name, ...(near ? { near } : {}), ...(hint ? { hint } : {}) }
}
