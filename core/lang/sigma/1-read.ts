// A Sigma file as YAML documents in which every key and value knows its place.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, Scalar } from 'yaml'
import { sigmaNotYaml } from '../../diag/catalogue/sigma.ts'
import { type Diagnostic, inText, report } from '../../diag/diagnostic.ts'
import { type Source, type Span, span } from '../../text/source.ts'

export interface Entry {
  readonly key: string
  readonly keySpan: Span
  readonly value: Node | null
}

export interface Documents {
  readonly roots: readonly (Node | null)[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A selection of thousands of values is real; a bomb of nested aliases is not. */
const MAX_ALIASES = 100

export function read(source: Source): Documents {
  const broken = (problem: string, at: Span) => report(sigmaNotYaml, inText(source, at), { problem })
  const counter = new LineCounter()
  const parsed = parseAllDocuments(source.text, {
    prettyErrors: false,
    uniqueKeys: true,
    // Hexadecimal and octal look-alikes, dates and `yes` stay what they were written as.
    version: '1.2',
    lineCounter: counter,
  })
  if (!Array.isArray(parsed)) return { roots: [], diagnostics: [] }
  const diagnostics = parsed.flatMap((doc) => {
    const own = [...doc.errors, ...doc.warnings].map((e) => broken(oneLine(e.message), span(...e.pos)))
    if (own.length > 0) return own
    try {
      doc.toJS({ maxAliasCount: MAX_ALIASES })
      return []
    } catch (e) {
      return [broken(oneLine(e instanceof Error ? e.message : String(e)), span(0, 0))]
    }
  })
  const roots = parsed.map((doc) => {
    const resolve = (node: unknown): Node | null =>
      typeof node === 'object' && node !== null && 'source' in node && !isScalar(node) && 'resolve' in node
        ? ((node as unknown as { resolve(d: unknown): Node | undefined }).resolve(doc) ?? null)
        : ((node ?? null) as Node | null)
    return inlined(doc.contents as Node | null, resolve)
  })
  return { roots: diagnostics.length > 0 ? [] : roots, diagnostics }
}

/** Puts what aliases stand for in their place. */
function inlined(node: Node | null, resolve: (node: unknown) => Node | null): Node | null {
  const at = resolve(node)
  if (isMap(at)) for (const pair of at.items) pair.value = inlined(pair.value as Node | null, resolve)
  else if (isSeq(at)) at.items = at.items.map((item) => inlined(item as Node | null, resolve))
  return at
}

const oneLine = (text: string): string => text.split('\n')[0]?.trim() ?? ''

export function spanOf(node: Node | null | undefined): Span {
  const range = node?.range
  return range ? span(range[0], Math.max(range[0], range[1])) : span(0, 0)
}

/** The entries of a mapping, in order; undefined: it is none. */
export function entries(node: Node | null | undefined): Entry[] | undefined {
  if (!isMap(node)) return undefined
  return node.items.map((pair) => {
    const key = pair.key as Node | null
    return {
      key: isScalar(key) ? String(key.value) : '',
      keySpan: spanOf(key),
      value: pair.value as Node | null,
    }
  })
}

/** The items of a list; a single value is a list of one. */
export function items(node: Node | null | undefined): (Node | null)[] {
  return isSeq(node) ? (node.items as (Node | null)[]) : [node ?? null]
}

export const isList = isSeq
export const isMapping = isMap

/** A value as it is written: numbers keep their digits. Undefined: null, or no scalar. */
export function scalarText(node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) return undefined
  if (typeof node.value === 'string') return node.value
  return node.source ?? String(node.value)
}

/** Was it written as text, not as a number, a truth value or null? */
export const isTextScalar = (node: Node | null | undefined): boolean =>
  isScalar(node) && (typeof node.value === 'string' || node.type === Scalar.QUOTE_DOUBLE)
