// Texts that a scan can search for before it runs the pattern: every match contains at least one of them.
import type { Node } from './ast.ts'
import { lowerText } from './fold.ts'
import { type CodeSet, sizeOf } from './sets.ts'

const MAX_TEXTS = 32
const MAX_SET = 4

/** `exact`: every match is one of these. `must`: every match contains one of these. */
interface Facts {
  readonly exact: readonly string[] | undefined
  readonly must: readonly string[] | undefined
}
const NOTHING: Facts = { exact: undefined, must: undefined }
const EMPTY: Facts = { exact: [''], must: undefined }

/** The texts, or undefined if no text is required. Case-sensitive: a pattern that ignores case gives every spelling, or nothing. */
export const requiredTexts = (root: Node): readonly string[] | undefined => bestTexts(root, (text) => text)

/** The same for a search in texts whose letters are all lower (`fold.ts`): a pattern that ignores case gives each text once. */
export const requiredFolded = (root: Node): readonly string[] | undefined => bestTexts(root, lowerText)

type Spell = (text: string) => string

function bestTexts(root: Node, spell: Spell): readonly string[] | undefined {
  const facts = factsOf(root, spell)
  const best = better(facts.must, facts.exact)
  return best && best.length > 0 && score(best) > 0 ? prune(best) : undefined
}

/** A text that contains another of the set adds nothing. */
const prune = (texts: readonly string[]): readonly string[] => {
  const distinct = [...new Set(texts)]
  return distinct.filter((t) => !distinct.some((o) => o !== t && t.includes(o)))
}

/** Longer is rarer; many alternatives are dearer to search. */
const score = (texts: readonly string[]): number => {
  const shortest = Math.min(...texts.map((t) => t.length))
  return shortest === 0 ? 0 : shortest - Math.log2(texts.length) / 4
}
function better(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (!a?.length || score(a) <= 0) return b?.length && score(b) > 0 ? b : undefined
  if (!b?.length || score(b) <= 0) return a
  return score(a) >= score(b) ? a : b
}

function factsOf(node: Node, spell: Spell): Facts {
  switch (node.kind) {
    case 'set':
      return setFacts(node.set, spell)
    case 'seq':
      return sequence(node.of.map((n) => factsOf(n, spell)))
    case 'alt':
      return choice(node.of.map((n) => factsOf(n, spell)))
    case 'group':
    case 'atomic':
      return factsOf(node.of, spell)
    case 'repeat':
      return loop(node, spell)
    case 'ref':
      return NOTHING
    default:
      return EMPTY
  }
}

function setFacts(set: CodeSet, spell: Spell): Facts {
  if (set.length === 0) return { exact: [], must: [] }
  // A letter has few spellings.
  if (sizeOf(set) > 2 * MAX_SET) return NOTHING
  const texts: string[] = []
  for (let i = 0; i < set.length; i += 2)
    for (let c = set[i] as number; c <= (set[i + 1] as number); c++) {
      const text = spell(String.fromCodePoint(c))
      if (!texts.includes(text)) texts.push(text)
    }
  return texts.length > MAX_SET ? NOTHING : { exact: texts, must: undefined }
}

function loop(node: Node & { kind: 'repeat' }, spell: Spell): Facts {
  if (node.max === 0) return EMPTY
  const inner = factsOf(node.of, spell)
  if (node.min === 0)
    return node.max === 1 && inner.exact ? { exact: [...new Set(['', ...inner.exact])], must: undefined } : NOTHING
  if (node.min === node.max && inner.exact && node.min <= 8)
    return sequence(Array.from({ length: node.min }, () => inner))
  return { exact: undefined, must: better(inner.must, inner.exact) }
}

function sequence(parts: readonly Facts[]): Facts {
  let must: readonly string[] | undefined
  let run: readonly string[] = ['']
  let whole = true
  const flush = (): void => {
    must = better(must, run)
    run = ['']
  }
  for (const part of parts) {
    must = better(must, part.must)
    const next = part.exact
    if (!next) {
      flush()
      whole = false
    } else if (run.length * next.length > MAX_TEXTS) {
      flush()
      whole = false
      run = next.length <= MAX_TEXTS ? next : ['']
    } else if (run.length === 1 && next.length === 1) run = [`${run[0]}${next[0]}`]
    else run = [...new Set(run.flatMap((a) => next.map((b) => a + b)))]
  }
  if (whole) return { exact: run, must: undefined }
  flush()
  return { exact: undefined, must }
}

function choice(parts: readonly Facts[]): Facts {
  const exact = parts.every((p) => p.exact) ? [...new Set(parts.flatMap((p) => p.exact ?? []))] : undefined
  if (exact && exact.length <= MAX_TEXTS) return { exact, must: undefined }
  const each = parts.map((p) => better(p.must, p.exact))
  if (each.some((m) => !m)) return NOTHING
  const all = [...new Set(each.flatMap((m) => m ?? []))]
  return { exact: undefined, must: all.length <= MAX_TEXTS ? all : undefined }
}
