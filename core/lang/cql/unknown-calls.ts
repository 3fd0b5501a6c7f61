// The functions that do not exist, in a text that has other errors and is not lowered.
import { noSuchFunction } from '../../diag/catalogue/cql-lower.ts'
import { type Diagnostic, diagnostic, inText } from '../../diag/diagnostic.ts'
import type { Source } from '../../text/source.ts'
import { unknownName } from './4-lower/call.ts'
import type { Call, Pipeline } from './3-parse/ast.ts'
import { notImplemented } from './known-names.ts'
import { registry } from './registry.ts'

const known = new Set([...registry.byName.keys(), ...[...notImplemented.keys()].map((n) => n.toLowerCase())])

export function unknownCalls(pipeline: Pipeline, source: Source): Diagnostic[] {
  const calls = callsIn(pipeline).filter((c) => c.name !== '' && !known.has(c.name.toLowerCase()))
  return calls.map((c) => diagnostic(noSuchFunction, inText(source, c.nameSpan), unknownName(c.name, registry.names)))
}

function callsIn(node: unknown): Call[] {
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.values(node).flatMap(callsIn)
  return isCall(node) ? [node, ...inside] : inside
}
const isCall = (node: object): node is Call => 'nameSpan' in node && 'args' in node && 'name' in node
