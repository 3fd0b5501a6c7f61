// Captures of patterns: which of them always have a value, and which texts they cannot have.
import type { Call, Consts, Expr, Pred, Test } from '../plan/plan.ts'
import { textConst } from '../prims/kit.ts'
import { definite, groupIndex, groupNode, type Node, nullable, parseRegex, type Regex, walk } from '../regex/regex.ts'
import { type Chain, originOf } from './chain.ts'
import type { Forms } from './forms.ts'

/** Captures that have a value wherever the pattern is found. */
export function captures(forms: Forms, p: Pred, step: number): string[] {
  if (p.kind !== 'test' || p.prim !== 're.test') return []
  const [text] = p.args
  const form = text && forms.of(text, step)
  const parsed = parseRegex(textConst(p.consts, 'pattern'), textConst(p.consts, 'flags'))
  if (form === undefined || !parsed.ok) return []
  const { root, groups } = parsed.regex
  return [null, ...groups].flatMap((name, i) => {
    if (i > 0 && !definite(root, i)) return []
    return [i, ...(name === null ? [] : [name])].map((group) =>
      forms.ofCall('re.group', [form], { ...p.consts, group }),
    )
  })
}

/** Does an event without elements stay? */
export const isKept = (chain: Chain, at: number): boolean => {
  const stage = chain.steps[at]?.stage
  return stage?.kind !== 'unnest' || stage.keep
}

/** A capture of a pattern, in a text that is one of its matches. */
export function capturesElement(chain: Chain, e: Call, step: number): boolean {
  const [text] = e.args
  if (e.prim !== 're.group' || text?.kind !== 'col') return false
  const origin = originOf(chain, text.id, step, text.ty)
  const list = origin.kind === 'element' && !isKept(chain, origin.at) ? origin.list : undefined
  const sameSource = list?.kind === 'call' && list.prim === 're.groupAll' && list.consts['group'] === 0
  if (!sameSource || list.consts['pattern'] !== e.consts['pattern'] || list.consts['flags'] !== e.consts['flags'])
    return false
  const regex = regexOf(e.consts)
  const group = e.consts['group']
  const index = regex && groupIndex(regex, typeof group === 'string' ? group : Number(group ?? 0))
  return (
    regex !== undefined &&
    index !== undefined &&
    !readsOutside(regex.root) &&
    (index === 0 || definite(regex.root, index))
  )
}

export function regexOf(consts: Consts): Regex | undefined {
  const parsed = parseRegex(textConst(consts, 'pattern'), textConst(consts, 'flags'))
  return parsed.ok ? parsed.regex : undefined
}

/** The pattern looks at what is outside its match. */
export function readsAround(root: Node): boolean {
  let found = false
  walk(root, (n) => {
    found ||= n.kind === 'look' || n.kind === 'at'
  })
  return found
}

/** The pattern may fail on one of its own matches alone. A word boundary beside a word's character of the match holds there too. */
function readsOutside(node: Node): boolean {
  switch (node.kind) {
    case 'look':
    case 'at':
      return true
    case 'seq':
      return node.of.some((n, i) =>
        n.kind === 'at' && n.where === 'word'
          ? !isWordAt(node.of[i + 1], 'first') && !isWordAt(node.of[i - 1], 'last')
          : readsOutside(n),
      )
    case 'alt':
      return node.of.some(readsOutside)
    case 'set':
    case 'ref':
      return false
    default:
      return readsOutside(node.of)
  }
}

function isWordAt(node: Node | undefined, edge: 'first' | 'last'): boolean {
  switch (node?.kind) {
    case 'set':
      return node.set.every((low, i) => i % 2 === 1 || isWordRange(low, node.set[i + 1] as number))
    case 'seq':
      return isWordAt(node.of.at(edge === 'first' ? 0 : -1), edge)
    case 'alt':
      return node.of.every((n) => isWordAt(n, edge))
    case 'repeat':
      return node.min > 0 && isWordAt(node.of, edge)
    case 'group':
    case 'atomic':
      return isWordAt(node.of, edge)
    default:
      return false
  }
}
const WORD: readonly (readonly [number, number])[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const isWordRange = (low: number, high: number): boolean => WORD.some(([a, b]) => low >= a && high <= b)

/** Does every text that the expression can have come from a pattern whose capture, as a tree, passes? */
function isCapture(chain: Chain, e: Expr, step: number, passes: (capture: Node) => boolean, depth = 0): boolean {
  if (depth > 40) return false
  const inner = (of: Expr, at = step): boolean => isCapture(chain, of, at, passes, depth + 1)
  switch (e.kind) {
    case 'lit':
      return e.value === null
    case 'if':
      return inner(e.then) && inner(e.else)
    case 'col': {
      const origin = originOf(chain, e.id, step, e.ty)
      return origin.kind === 'expr' && inner(origin.expr, origin.at)
    }
    case 'call': {
      const [arg] = e.args
      if (e.prim === 'str.lower' || e.prim === 'str.upper') return arg !== undefined && inner(arg)
      const regex = e.prim === 're.group' ? regexOf(e.consts) : undefined
      const group = e.consts['group']
      const index = regex && groupIndex(regex, typeof group === 'string' ? group : Number(group ?? 0))
      const capture = regex && index !== undefined && (index === 0 ? regex.root : groupNode(regex.root, index))
      return capture ? passes(capture) : false
    }
    default:
      return false
  }
}

/** The texts that a capture can have, if they are at most so many. */
export function textsOfCapture(e: Call, most: number): readonly string[] | undefined {
  const regex = regexOf(e.consts)
  const group = e.consts['group']
  const index = regex && groupIndex(regex, typeof group === 'string' ? group : Number(group ?? 0))
  const node = regex && index !== undefined && (index === 0 ? regex.root : groupNode(regex.root, index))
  const texts = node ? textsOf(node, most) : undefined
  return texts && [...new Set(texts)]
}

function textsOf(node: Node, most: number): readonly string[] | undefined {
  switch (node.kind) {
    case 'set': {
      const points = node.set.flatMap((low, i) => (i % 2 === 0 ? [[low, node.set[i + 1] as number] as const] : []))
      if (points.reduce((n, [low, high]) => n + high - low + 1, 0) > most) return undefined
      return points.flatMap(([low, high]) =>
        Array.from({ length: high - low + 1 }, (_, i) => String.fromCodePoint(low + i)),
      )
    }
    case 'alt': {
      const each = node.of.map((n) => textsOf(n, most))
      const all = each.flatMap((t) => t ?? [])
      return each.includes(undefined) || all.length > most ? undefined : all
    }
    case 'seq':
      return node.of.reduce<readonly string[] | undefined>(
        (before, n) => {
          const texts = before && textsOf(n, most)
          return texts && before.length * texts.length <= most
            ? before.flatMap((b) => texts.map((t) => b + t))
            : undefined
        },
        [''],
      )
    case 'group':
    case 'atomic':
      return textsOf(node.of, most)
    case 'repeat': {
      if (node.max !== 1) return undefined
      const texts = textsOf(node.of, most - 1)
      return texts && (node.min === 0 ? ['', ...texts] : texts)
    }
    case 'at':
    case 'look':
      return ['']
    default:
      return undefined
  }
}

/** Every text of it has a character that is no white space. */
function hasInk(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return !node.set.some((low, i) => i % 2 === 0 && SPACES.some((c) => c >= low && c <= (node.set[i + 1] as number)))
    case 'seq':
      return node.of.some(hasInk)
    case 'alt':
      return node.of.every(hasInk)
    case 'repeat':
      return node.min > 0 && hasInk(node.of)
    case 'group':
    case 'atomic':
      return hasInk(node.of)
    default:
      return false
  }
}
const SPACES = [9, 10, 11, 12, 13, 32, 0xa0]

/** Is the test false for every text that its argument, a capture, can have? */
export function failsForCapture(chain: Chain, t: Test, step: number): boolean {
  const [arg, other] = t.args
  if (!arg) return false
  if (t.prim === 'str.eq')
    return other?.kind === 'lit' && other.value === '' && isCapture(chain, arg, step, (c) => !nullable(c))
  return t.prim === 're.test' && textConst(t.consts, 'pattern') === '^\\s*$' && isCapture(chain, arg, step, hasInk)
}
