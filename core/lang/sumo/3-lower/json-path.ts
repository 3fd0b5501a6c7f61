// Paths of `json "…"`: a.b.c, a[0].b, a[*].b, ['odd.key'], a leading $; slices, unions, `..` and filters as JsonPath has them.
import type { Const } from '../../../plan/plan.ts'

/** Keys, positions, null for every element, and the records of the primitive json.getAll. Undefined: not a path. */
export function jsonPath(written: string): readonly Const[] | undefined {
  const text = written.trim().replace(/^[$@](?:\.(?!\.))?/, '')
  const out: Const[] = []
  let at = 0
  while (at < text.length) {
    if (text.startsWith('..', at)) {
      out.push({ deep: true })
      at += 2
      if (text[at] === '[' || text[at] === undefined) continue
    } else if (text[at] === '.') {
      // `a.[0]` means `a[0]`; a last dot has no meaning.
      at++
      continue
    }
    if (text[at] === '[') {
      const close = closing(text, at)
      const step = close === undefined ? undefined : bracket(text.slice(at + 1, close).trim())
      if (close === undefined || step === undefined) return undefined
      out.push(step)
      at = close + 1
      continue
    }
    const plain = /[^.[\]]+/y
    plain.lastIndex = at
    const m = plain.exec(text)
    if (!m) return undefined
    out.push(m[0] === '*' ? null : m[0])
    at = plain.lastIndex
  }
  return out
}

/** Position of the bracket that closes the one at `at`. */
function closing(text: string, at: number): number | undefined {
  let depth = 0
  let quote = ''
  for (let i = at; i < text.length; i++) {
    const c = text[i] as string
    if (c === '\\') i++
    else if (quote !== '') quote = c === quote ? '' : quote
    else if (c === "'" || c === '"') quote = c
    else if (c === '[' || c === '(') depth++
    else if ((c === ']' || c === ')') && --depth === 0) return i
  }
  return undefined
}

const QUOTED = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/

function bracket(inside: string): Const | undefined {
  if (inside === '*') return null
  const one = simple(inside)
  if (one !== undefined) return one
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(\d+))?$/.exec(inside)
  if (slice) {
    const [from, to, step] = slice.slice(1).map((x) => (x === undefined ? null : Number(x)))
    return { from: from ?? null, to: to ?? null, step: step ?? 1 }
  }
  const last = /^\(\s*@\.length\s*-\s*(\d+)\s*\)$/.exec(inside)
  if (last) return -Number(last[1])
  const filter = /^\?\s*\((.*)\)$/s.exec(inside)
  if (filter) return condition((filter[1] as string).trim())
  const several = inside.split(',').map((p) => simple(p.trim()))
  return several.length > 1 && several.every((s) => s !== undefined) ? { any: several as Const[] } : undefined
}

function simple(text: string): string | number | undefined {
  if (/^-?\d+$/.test(text)) return Number(text)
  const quoted = QUOTED.exec(text)
  return quoted ? (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1') : undefined
}

/** `@.a.b == "x"`, `@.a`: one comparison with a literal, or a test that the value exists. */
function condition(text: string): Const | undefined {
  const m = /^@\.?((?:[^=<>!'"]|'[^']*'|"[^"]*")*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+))?$/s.exec(text)
  const path = m && jsonPath(m[1] as string)
  if (!m || !path || path.some((p) => typeof p !== 'string' && typeof p !== 'number')) return undefined
  const [, , op, right] = m
  if (op === undefined) return { path }
  const quoted = QUOTED.exec((right as string).trim())
  if (quoted) return { path, op, value: quoted[1] ?? quoted[2] ?? '' }
  const word = (right as string).trim()
  if (word === 'true' || word === 'false') return { path, op, value: word === 'true' }
  if (word === 'null') return { path, op, value: null }
  return word !== '' && Number.isFinite(Number(word)) ? { path, op, value: Number(word) } : undefined
}
