import type { Part, Token } from './token.ts'

// The parts of a rule in YAML that an operator can remove or change: items of lists, entries of mappings, modifiers of fields.
/** Sections that decide the findings of a rule. The other sections are metadata. */
const DECIDES = new Set(['detection', 'correlation', 'logsource'])

export const isYaml = (tokens: readonly Token[]): boolean => tokens.some((t) => t.kind === 'key')

const column = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1)
const nameOf = (key: Token): string => key.text.slice(0, key.text.lastIndexOf(':')).trim()

/** The tokens of the deciding sections. */
export function deciding(tokens: readonly Token[], text: string): Token[] {
  let section = ''
  return tokens.filter((t) => {
    if (column(text, t.start) === 0) section = t.kind === 'key' ? nameOf(t) : ''
    return DECIDES.has(section)
  })
}

interface Piece {
  readonly token: Token
  readonly column: number
  readonly part: Part
}

/** Items or entries with everything that is indented below them, in lists and mappings of at least two. */
function pieces(tokens: readonly Token[], text: string, kind: 'item' | 'key'): Piece[] {
  const at = (t: Token): number => column(text, t.start)
  const groups = new Map<string, Piece[]>()
  tokens.forEach((token, i) => {
    if (token.kind !== kind) return
    const own = at(token)
    let end = i + 1
    while (end < tokens.length && at(tokens[end] as Token) > own) end++
    const last = tokens[end - 1] as Token
    // Its parent is the nearest earlier token with less indentation.
    const parent = tokens.slice(0, i).findLast((t) => at(t) < own && (t.kind === 'key' || t.kind === 'item'))
    const group = `${parent?.start ?? -1} ${own}`
    groups.set(group, [
      ...(groups.get(group) ?? []),
      { token, column: own, part: { start: token.start, end: last.end } },
    ])
  })
  return [...groups.values()].filter((g) => g.length > 1).flat()
}

type Taken = { readonly part: Part; readonly without: Part }
const taken = ({ part }: Piece): Taken => ({ part, without: part })

export const items = (tokens: readonly Token[], text: string): Taken[] => pieces(tokens, text, 'item').map(taken)

/** Entries of selections. Each is a condition that an event must meet. */
export const entries = (tokens: readonly Token[], text: string): Taken[] =>
  pieces(tokens, text, 'key')
    .filter((p) => p.column > 0 && nameOf(p.token) !== 'condition')
    .map(taken)

export interface Change extends Part {
  readonly becomes: string
}

/** Modifiers of the keys, each with its replacements. */
export function modifiers(tokens: readonly Token[], becomes: Readonly<Record<string, readonly string[]>>): Change[] {
  return tokens.flatMap((t) =>
    t.kind !== 'key'
      ? []
      : [...nameOf(t).matchAll(/\|(\w+)/g)].flatMap((m) =>
          (becomes[m[1] as string] ?? []).map((to) => ({
            start: t.start + m.index,
            end: t.start + m.index + m[0].length,
            becomes: to === '' ? '' : `|${to}`,
          })),
        ),
  )
}

/** Bounds of correlations (`gte`, `lt` …), which are keys in YAML. */
export function bounds(tokens: readonly Token[], flip: Readonly<Record<string, readonly string[]>>): Change[] {
  return tokens.flatMap((t) =>
    t.kind === 'key'
      ? (flip[nameOf(t)] ?? []).map((to) => ({ start: t.start, end: t.start + nameOf(t).length, becomes: to }))
      : [],
  )
}
