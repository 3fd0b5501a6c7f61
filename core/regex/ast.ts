// The tree of a pattern. Flags are gone: case, dot and line anchors are resolved while parsing.
import type { CodeSet } from './sets.ts'

export type Node =
  | { readonly kind: 'set'; readonly set: CodeSet }
  | { readonly kind: 'seq'; readonly of: readonly Node[] }
  | { readonly kind: 'alt'; readonly of: readonly Node[] }
  | Repeat
  | { readonly kind: 'group'; readonly index: number; readonly name: string | null; readonly of: Node }
  | { readonly kind: 'atomic'; readonly of: Node }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negated: boolean; readonly of: Node }
  | { readonly kind: 'ref'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly kind: 'at'; readonly where: Assertion }

export interface Repeat {
  readonly kind: 'repeat'
  readonly of: Node
  readonly min: number
  readonly max: number | null
  readonly mode: 'greedy' | 'lazy' | 'possessive'
}
/** `end` is the very end of the text; `lastLine` is before a final newline too (`\Z`). Lines end at \n only, as in RE2. */
export type Assertion = 'begin' | 'end' | 'lastLine' | 'lineBegin' | 'lineEnd' | 'notWord' | 'word'

export interface Regex {
  readonly source: string
  readonly flags: string
  readonly root: Node
  /** Name of each capture, from group 1; null: unnamed. */
  readonly groups: readonly (string | null)[]
}
export interface RegexError {
  /** UTF-16 offset into the source. */
  readonly offset: number
  readonly reason: string
}
export type Parsed = { readonly ok: true; readonly regex: Regex } | { readonly ok: false; readonly error: RegexError }

export const children = (node: Node): readonly Node[] =>
  node.kind === 'seq' || node.kind === 'alt' ? node.of : 'of' in node ? [node.of] : []

export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const kid of children(node)) walk(kid, visit)
}

/** Can it match the empty text? References count as able to. */
export function nullable(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false
    case 'seq':
      return node.of.every(nullable)
    case 'alt':
      return node.of.some(nullable)
    case 'repeat':
      return node.min === 0 || nullable(node.of)
    case 'group':
    case 'atomic':
      return nullable(node.of)
    default:
      return true
  }
}

/** Does every match set this capture? */
export function alwaysSets(node: Node, index: number): boolean {
  switch (node.kind) {
    case 'group':
      return node.index === index || alwaysSets(node.of, index)
    case 'seq':
      return node.of.some((n) => alwaysSets(n, index))
    case 'alt':
      return node.of.every((n) => alwaysSets(n, index))
    case 'repeat':
      return node.min > 0 && alwaysSets(node.of, index)
    case 'atomic':
      return alwaysSets(node.of, index)
    case 'look':
      return !node.negated && alwaysSets(node.of, index)
    default:
      return false
  }
}
export function groupNode(node: Node, index: number): Node | undefined {
  if (node.kind === 'group' && node.index === index) return node.of
  for (const kid of children(node)) {
    const found = groupNode(kid, index)
    if (found) return found
  }
  return undefined
}

/** The capture's number by name or number; undefined if there is none. 0 is the whole match. */
export function groupIndex(regex: Regex, group: string | number): number | undefined {
  if (typeof group === 'number') return group >= 0 && group <= regex.groups.length ? group : undefined
  const at = regex.groups.indexOf(group)
  return at < 0 ? undefined : at + 1
}
/** Names of the captures, in order. */
export const names = (regex: Regex): readonly string[] => regex.groups.filter((n) => n !== null)
