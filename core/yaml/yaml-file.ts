// YAML with places: every value and key has its span in the text.
import { isMap, isPair, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { type Code, type Diagnostic, diagnostic, inText } from '../diag/diagnostic.ts'
import { type Source, type Span, span } from '../text/source.ts'

export type Path = readonly (string | number)[]

export interface YamlFile {
  readonly source: Source
  /** Undefined when the text is not YAML. */
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
  /** The span of the value at a path; if there is no such value, of the nearest one above. */
  valueAt(path: Path): Span
  /** The span of the key at a path; for the item of a list, of the item. */
  keyAt(path: Path): Span
}

/** Aliases may be used this often in all; a bomb of nested aliases needs far more. */
const MAX_ALIASES = 100

/** `notYaml`: the code for a text that is not YAML. */
export function readYaml(source: Source, notYaml: Code<{ problem: string }>): YamlFile {
  const doc = parseDocument(source.text, { prettyErrors: false, uniqueKeys: true, strict: true, logLevel: 'error' })
  const broken = (problem: string, at: Span) => diagnostic(notYaml, inText(source, at), { problem })
  const diagnostics = [...doc.errors, ...doc.warnings].map((e) => broken(oneLine(e.message), span(...e.pos)))
  let value: unknown
  if (diagnostics.length === 0) {
    try {
      value = doc.toJS({ maxAliasCount: MAX_ALIASES })
    } catch (e) {
      diagnostics.push(broken(oneLine(e instanceof Error ? e.message : String(e)), span(0, 0)))
    }
  }
  const root = doc.contents as Node | null
  return {
    source,
    value,
    diagnostics,
    valueAt: (path) => valueSpan(locate(root, path).value),
    keyAt: (path) => {
      const { key, value } = locate(root, path)
      return valueSpan(key ?? value)
    },
  }
}

const oneLine = (text: string): string => text.split('\n')[0]?.trim() ?? ''

interface Located {
  readonly key: Node | undefined
  readonly value: Node | null
}

/** Goes down as far as the path leads. */
function locate(root: Node | null, path: Path): Located {
  let at: Located = { key: undefined, value: root }
  for (const step of path) {
    const next = child(at.value, step)
    if (!next) return at
    at = next
  }
  return at
}

function child(node: Node | null, step: string | number): Located | undefined {
  if (isMap(node)) {
    const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(step))
    return pair && isPair(pair) ? { key: pair.key as Node, value: pair.value as Node | null } : undefined
  }
  const item = isSeq(node) ? node.items[Number(step)] : undefined
  return item === undefined ? undefined : { key: undefined, value: item as Node }
}

function valueSpan(node: Node | null): Span {
  const range = node?.range
  return range ? span(range[0], Math.max(range[0], range[1])) : span(0, 0)
}
