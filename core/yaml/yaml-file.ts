// YAML with places: every value and key has its span in the text.
import { isMap, isPair, isScalar, isSeq, type Node } from 'yaml'
import { type Code, type Diagnostic, diagnostic, inText } from '../diag/diagnostic.ts'
import { type Source, type Span, span } from '../text/source.ts'
import { oneLine, parseYaml, spanOfNode as valueSpan } from './parse-yaml.ts'

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
  const { docs, problems } = parseYaml(source.text)
  const [doc, second] = docs
  const broken = ({ problem, at }: { problem: string; at: Span }) =>
    diagnostic(notYaml, inText(source, at), { problem })
  const diagnostics = problems.map(broken)
  if (second)
    diagnostics.push(
      broken({
        problem: 'the file has several documents',
        at: span(...(second.range.slice(0, 2) as [number, number])),
      }),
    )
  // An empty text says nothing.
  let value: unknown = null
  if (doc && diagnostics.length === 0) {
    try {
      value = doc.toJS({ maxAliasCount: MAX_ALIASES })
    } catch (e) {
      diagnostics.push(broken({ problem: oneLine(e instanceof Error ? e.message : String(e)), at: span(0, 0) }))
    }
  }
  const root = (doc?.contents ?? null) as Node | null
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
