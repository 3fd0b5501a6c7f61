// Reads a Sigma file as YAML documents whose keys and values have places.
import { isAlias, isMap, isScalar, isSeq, type Node, Scalar } from 'yaml'
import { sigmaNotYaml } from '../../diag/catalogue/sigma.ts'
import { type Diagnostic, inText, diagnostic } from '../../diag/diagnostic.ts'
import type { Source, Span } from '../../text/source.ts'
import { oneLine, parseYaml, spanOfNode as spanOf, type YamlProblem } from '../../yaml/parse-yaml.ts'

export { spanOf }

export interface Entry {
  readonly key: string
  readonly keySpan: Span
  readonly value: Node | null
}

export interface Documents {
  readonly roots: readonly (Node | null)[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Real rules have few aliases. More are a bomb of nested aliases. */
const MAX_ALIASES = 100
const MAX_DEPTH = 40
/** After a first mistake, a YAML parser reports many false ones. */
const MOST_ERRORS = 5

/** `"C:\temp\"`: the backslash takes the quote at the end of the line. */
const LOST_QUOTE = /[:-]\s+"[^"\n]*\\"[ \t]*$/m

export function read(source: Source): Documents {
  const broken = (p: Pick<YamlProblem, 'problem' | 'remedy'>, at: Span) =>
    diagnostic(sigmaNotYaml, inText(source, at), p)
  const { docs, problems } = parseYaml(source.text)
  const badEscape =
    problems.find((p) => /escape/i.test(p.problem)) ??
    (LOST_QUOTE.test(source.text) ? problems.find((p) => /quote/i.test(p.problem)) : undefined)
  // Only the first: the quote that it takes away turns texts and what is between them round.
  if (badEscape)
    return {
      roots: [],
      diagnostics: [
        diagnostic(sigmaNotYaml, inText(source, badEscape.at), {
          problem: 'a backslash in double quotes begins an escape',
          remedy: 'write the text in single quotes',
        }),
      ],
    }
  if (problems.length > 0) return { roots: [], diagnostics: problems.slice(0, MOST_ERRORS).map((p) => broken(p, p.at)) }
  const roots: (Node | null)[] = []
  const diagnostics = docs.flatMap((doc) => {
    const root = doc.contents as Node | null
    try {
      // Counts the nodes that aliases would create before any alias is followed. An alias needs an `&anchor`.
      if (source.text.includes('&')) doc.toJS({ maxAliasCount: MAX_ALIASES })
      const resolve = (node: unknown): Node | null => {
        if (!isAlias(node)) return node as Node | null
        const anchored = node.resolve(doc)
        if (!anchored) throw new Error(`no anchor &${node.source} before this alias`)
        return anchored
      }
      roots.push(inlined(root, resolve, 0))
      return []
    } catch (e) {
      return [broken({ problem: oneLine(e instanceof Error ? e.message : String(e)) }, spanOf(root))]
    }
  })
  return { roots: diagnostics.length > 0 ? [] : roots, diagnostics: diagnostics.slice(0, MOST_ERRORS) }
}

/** Replaces aliases by their nodes. `depth` ends an alias that contains itself. */
function inlined(node: Node | null, resolve: (node: unknown) => Node | null, depth: number): Node | null {
  if (depth > MAX_DEPTH) throw new Error('nested too deeply, or an alias that holds itself')
  const at = resolve(node)
  if (isMap(at)) for (const pair of at.items) pair.value = inlined(pair.value as Node | null, resolve, depth + 1)
  else if (isSeq(at)) at.items = at.items.map((item) => inlined(item as Node | null, resolve, depth + 1))
  return at
}

/** The entries of a mapping, in order. Undefined: the node is no mapping. */
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

/** The items of a list. A single value counts as a list of one item. */
export function items(node: Node | null | undefined): (Node | null)[] {
  return isSeq(node) ? (node.items as (Node | null)[]) : [node ?? null]
}

export const isList = isSeq
export const isMapping = isMap

/** The text of a scalar as written: numbers keep their digits. Undefined: null, or no scalar. */
export function scalarText(node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) return undefined
  // `"\ud800"` is half of a pair, which no event holds.
  if (typeof node.value === 'string') return node.value.toWellFormed()
  return node.source ?? String(node.value)
}

/** Is the scalar a text, not a number, truth value or null? */
export const isTextScalar = (node: Node | null | undefined): boolean =>
  isScalar(node) && (typeof node.value === 'string' || node.type === Scalar.QUOTE_DOUBLE)
