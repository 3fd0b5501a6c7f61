// Expressions backwards: a hint about the value of a call, as hints about its arguments. Other functions pass the hint on.
import type { Call, Expr, Value } from '../plan/plan.ts'
import { numConst, textConst, listConst } from '../prims/kit.ts'
import { primOf } from '../prims/registry.ts'
import { groupIndex, parseRegex } from '../regex/regex.ts'
import { escapeRegex } from '../text/escape-regex.ts'
import { BASE_TIME, textOf } from './assignment.ts'
import { plainNumber } from './candidates.ts'
import type { Hint, Range } from './hint.ts'

export interface Part {
  readonly expr: Expr
  readonly hint: Hint
}

const AVOID: Hint = { kind: 'avoid' }
const ANY_NUMBER: Hint = { kind: 'number' }
const isNegative = (hint: Hint): boolean => hint.kind === 'avoid' || hint.kind === 'absent'

export function inverted(e: Call, hint: Hint, valueNow: (e: Expr) => Value): readonly Part[] {
  const [a, b] = e.args
  if (!a) return []
  const on = (h: Hint): Part[] => [{ expr: a, hint: h }]
  const [family, op = ''] = e.prim.split('.')
  if (b && (family === 'num' || family === 'int' || family === 'double') && ARITHMETIC.has(op))
    return arithmetic(op, a, b, hint, valueNow)
  switch (e.prim) {
    case 're.group':
    case 're.groupAll': {
      const parsed = parseRegex(textConst(e.consts, 'pattern'), textConst(e.consts, 'flags'))
      if (!parsed.ok) return []
      if (isNegative(hint) && hint.kind === 'absent') return on(AVOID)
      const group = e.consts['group']
      const index = groupIndex(parsed.regex, typeof group === 'string' ? group : Number(group ?? 0))
      const inner: readonly Hint[] = hint.kind === 'elements' ? hint.of : [hint]
      const { root, source, flags } = parsed.regex
      const found = (groups: ReadonlyMap<number, readonly Hint[]>): Part[] =>
        on({ kind: 'shape', id: `${source} ${flags}`, root, groups })
      // The whole match is a part of the text, so its hints are found in the text too.
      if (index === undefined || index === 0) return [...found(new Map()), ...inner.flatMap(on)]
      return found(new Map([[index, inner]]))
    }
    case 'json.get':
    case 'json.getAll':
    case 'json.elements':
      return on({ kind: 'json', path: pathOf(e), of: elementHints(hint, e.prim === 'json.elements') })
    case 'json.named':
      return on({ kind: 'json', path: [textConst(e.consts, 'name')], of: [hint] })
    case 'parsed.field':
    case 'parsed.elements': {
      const name = textConst(e.consts, 'name').replace('[]', '[0]')
      const of = elementHints(hint, false)
      return on(
        textConst(e.consts, 'how') === 'json'
          ? { kind: 'json', path: [e.prim === 'parsed.elements' && !/\[0\]/.test(name) ? `${name}[0]` : name], of }
          : { kind: 'pair', key: name, separator: textConst(e.consts, 'separator', '='), of },
      )
    }
    case 'kv.get':
      return on({
        kind: 'pair',
        key: textConst(e.consts, 'key'),
        separator: textConst(e.consts, 'separator', '='),
        of: [hint],
      })
    case 'str.column':
      return on({
        kind: 'cell',
        delimiter: textConst(e.consts, 'delimiter', ','),
        index: Math.max(0, numConst(e.consts, 'index', 1) - 1),
        of: [hint],
      })
    case 'str.split':
    case 're.split':
      return on({
        kind: 'cell',
        delimiter: textConst(e.consts, 'separator', ','),
        index: 0,
        of: elementHints(hint, false),
      })
    case 'list.at': {
      const index = numConst(e.consts, 'index', 0)
      if (a.kind === 'call' && a.prim === 'str.split' && a.args[0])
        return [
          {
            expr: a.args[0],
            hint: {
              kind: 'cell',
              delimiter: textConst(a.consts, 'separator', ','),
              index: Math.max(0, index),
              of: [hint],
            },
          },
        ]
      return on({ kind: 'elements', count: Math.max(1, index + 1), of: [hint] })
    }
    case 'list.length':
      if (hint.kind === 'number') return on({ kind: 'elements', count: Math.max(1, Math.ceil(hint.low ?? 1)), of: [] })
      return on({ kind: 'elements', count: 1, of: [] })
    case 'list.where':
    case 'list.each':
    case 'list.distinct':
    case 'list.sort':
    case 'list.slice':
      return on(hint)
    case 'list.join':
      return on({ kind: 'elements', count: 1, of: [hint] })
    case 'str.length':
      return on(hint.kind === 'number' ? { kind: 'length', length: edge(hint) } : AVOID)
    case 'num.parse':
    case 'int.parse':
    case 'dec.toNum':
      return on(hint.kind === 'present' ? ANY_NUMBER : hint)
    case 'time.toMillis':
      return on(hint.kind === 'number' ? scaled(hint, (x) => x * 1000) : hint.kind === 'texts' ? millis(hint.of) : hint)
    case 'time.fromMillis':
      return on(
        hint.kind === 'number'
          ? scaled(hint, (x) => x / 1000)
          : hint.kind === 'present'
            ? { kind: 'texts', of: [String(BASE_TIME / 1000n)] }
            : hint,
      )
    case 'time.format':
    case 'time.part':
      return on(hint.kind === 'present' ? hint : { kind: 'clock' })
    case 'time.parse':
      return on(stamps(e, hint))
    case 'ip.network': {
      const nets = hint.kind === 'texts' ? hint.of : hint.kind === 'avoid' && hint.text !== undefined ? [hint.text] : []
      return on(nets.length === 0 ? hint : { kind: 'address', nets, inside: hint.kind === 'texts' })
    }
    case 'ip.prefixOf':
      return on(hint.kind === 'texts' ? { kind: 'texts', of: hint.of.map((t) => t.replace(/\/.*$/, '')) } : hint)
    case 'num.neg':
      return on(hint.kind === 'number' ? flipped(hint) : hint)
    case 'str.concat':
      return joined(e, hint, valueNow)
    case 'str.substring':
      return on(around(e, hint, valueNow))
    case 'str.lower':
    case 'str.upper':
      return on(hint)
    case 'str.replace':
    case 're.replace':
      // A text in which something is replaced.
      return [...on(hint), ...(hint.kind === 'present' ? on(replacedIn(e)) : [])]
    default:
      // Most functions of one argument keep its text in part, and a wrong hint costs one trial.
      return e.args
        .filter((x) => x.kind !== 'lit')
        .slice(0, 2)
        .map((expr) => ({ expr, hint: passed(hint) }))
  }
}

const passed = (hint: Hint): Hint => hint

const pathOf = (e: Call): (string | number)[] =>
  listConst(e.consts, 'path').map((p) =>
    typeof p === 'string' ? p : typeof p === 'number' || typeof p === 'bigint' ? Number(p) : 0,
  )

function elementHints(hint: Hint, object: boolean): readonly Hint[] {
  const of = hint.kind === 'elements' ? hint.of : [hint]
  return object ? [{ kind: 'json', path: [0, 'x'], of }] : of
}

const edge = ({ low, high, lowOpen, highOpen, not }: Range): number =>
  low !== undefined
    ? low + (lowOpen ? 1 : 0)
    : high !== undefined
      ? Math.max(0, high - (highOpen ? 1 : 0))
      : not === undefined
        ? 3
        : not + 1

const scaled = (hint: Range, by: (x: number) => number): Range => ({
  ...hint,
  ...(hint.low !== undefined && { low: by(hint.low) }),
  ...(hint.high !== undefined && { high: by(hint.high) }),
  ...(hint.not !== undefined && { not: by(hint.not) }),
})
const flipped = ({ low, high, lowOpen, highOpen, not }: Range): Range => ({
  kind: 'number',
  ...(high !== undefined && { low: -high }),
  ...(low !== undefined && { high: -low }),
  ...(highOpen !== undefined && { lowOpen: highOpen }),
  ...(lowOpen !== undefined && { highOpen: lowOpen }),
  ...(not !== undefined && { not: -not }),
})
const millis = (texts: readonly string[]): Hint => ({
  kind: 'texts',
  of: texts.flatMap((t) => (/^-?\d+$/.test(t) ? [`${t}000`] : [])),
})

function replacedIn(e: Call): Hint {
  const find = textConst(e.consts, 'find', '')
  const source = e.prim === 'str.replace' ? escapeRegex(find) : textConst(e.consts, 'pattern', '')
  const parsed = source === '' ? undefined : parseRegex(source, textConst(e.consts, 'flags', ''))
  if (!parsed?.ok) return { kind: 'present' }
  const { root } = parsed.regex
  return { kind: 'shape', id: `replaced ${source}`, root, groups: new Map() }
}

/** Formats tell seconds, minutes or days apart. */
const AFTER = [0n, 1_000_000n, 60_000_000n, 86_400_000_000n]

/** Texts that read as the times a range allows. */
function stamps(e: Call, hint: Hint): Hint {
  if (isNegative(hint)) return hint
  const prim = primOf('time.format')
  if (prim.kind !== 'scalar') return hint
  const format = prim.js(e.consts, primOf) as (t: bigint) => Value
  const moments =
    hint.kind === 'number'
      ? [
          ...(hint.low === undefined ? [] : AFTER.map((s) => BigInt(Math.ceil(hint.low as number)) + s)),
          ...(hint.high === undefined ? [] : AFTER.map((s) => BigInt(Math.floor(hint.high as number)) - s)),
        ].slice(hint.lowOpen === true || hint.highOpen === true ? 1 : 0)
      : []
  return { kind: 'texts', of: [...moments, BASE_TIME].flatMap((t) => textOf(format(t)) ?? []) }
}

// ── arithmetic ──

const ARITHMETIC: ReadonlySet<string> = new Set(['add', 'div', 'mod', 'mul', 'pow', 'sub'])

/** One side stays as it is in the present row; the other takes what is left. */
function arithmetic(op: string, a: Expr, b: Expr, hint: Hint, valueNow: (e: Expr) => Value): readonly Part[] {
  if (isNegative(hint)) return [{ expr: a, hint }]
  const number = (e: Expr): number | undefined => {
    const value = valueNow(e)
    return value === null ? undefined : Number(value)
  }
  const range: Range =
    hint.kind === 'number'
      ? hint
      : hint.kind === 'texts' && hint.of.length > 0 && Number.isFinite(Number(hint.of[0]))
        ? { kind: 'number', low: Number(hint.of[0]), high: Number(hint.of[0]) }
        : { kind: 'number' }
  const onB = !readsEvent(a) && readsEvent(b)
  const fixed = number(onB ? a : b)
  if (fixed === undefined || !Number.isFinite(fixed))
    return [
      { expr: a, hint: ANY_NUMBER },
      { expr: b, hint: ANY_NUMBER },
    ]
  const moved = onB ? onRight(op, fixed, range) : onLeft(op, fixed, range)
  const other = onB ? a : b
  // Both may be parts of one text, which is written anew.
  const kept: Part[] = readsEvent(other) ? [{ expr: other, hint: { kind: 'number', low: fixed, high: fixed } }] : []
  return [{ expr: onB ? b : a, hint: moved }, ...kept]
}

const readsEvent = (e: Expr): boolean =>
  e.kind === 'col' || (e.kind === 'call' && e.args.some(readsEvent)) || e.kind === 'if' || e.kind === 'truth'

function onLeft(op: string, y: number, r: Range): Range {
  if (op === 'add') return scaled(r, (x) => x - y)
  if (op === 'sub') return scaled(r, (x) => x + y)
  if (op === 'mul' && y !== 0) return y < 0 ? flipped(scaled(r, (x) => -x / y)) : scaled(r, (x) => x / y)
  if (op === 'div' && y !== 0) return y < 0 ? flipped(scaled(r, (x) => -x * y)) : scaled(r, (x) => x * y)
  return r
}
function onRight(op: string, x: number, r: Range): Range {
  if (op === 'add') return scaled(r, (z) => z - x)
  if (op === 'sub') return flipped(scaled(r, (z) => z - x))
  if (op === 'mul' && x !== 0) return scaled(r, (z) => z / x)
  if (op === 'div' && r.low !== undefined && r.low > 0) return { kind: 'number', high: x / r.low }
  return r
}

// ── joined texts ──

function joined(e: Call, hint: Hint, valueNow: (e: Expr) => Value): readonly Part[] {
  const open = e.args.filter(readsEvent)
  if (hint.kind !== 'texts')
    return open.map((expr) => ({ expr, hint: hint.kind === 'shape' ? { kind: 'present' } : hint }))
  const texts = e.args.map((x) => textOf(valueNow(x)) ?? '')
  // Choices between constants may become another one.
  const choices = e.args.map((x, i) =>
    x.kind === 'if' ? [texts[i] as string, ...constantsOf(x)] : [texts[i] as string],
  )
  for (const chosen of combinations(choices)) {
    const parts = e.args.flatMap((expr, i): Part[] => {
      if (!readsEvent(expr) || (expr.kind === 'if' && choices[i]?.length !== 1)) return []
      const of = between(hint.of, chosen.slice(0, i).join(''), chosen.slice(i + 1).join(''))
      return of.length > 0 ? [{ expr, hint: { kind: 'texts', of } }] : []
    })
    if (parts.length === 0) continue
    const turned = e.args.flatMap((expr, i): Part[] =>
      chosen[i] === texts[i] ? [] : [{ expr, hint: { kind: 'texts', of: [chosen[i] as string] } }],
    )
    return [...turned, ...parts]
  }
  return []
}

const between = (of: readonly string[], before: string, after: string): string[] =>
  of.flatMap((t) =>
    t.startsWith(before) && t.endsWith(after) && t.length >= before.length + after.length
      ? [t.slice(before.length, t.length - after.length)]
      : [],
  )

const MOST_CHOICES = 24
const constantsOf = (e: Expr): string[] =>
  e.kind === 'if'
    ? [...constantsOf(e.then), ...constantsOf(e.else)]
    : e.kind === 'lit' && typeof e.value === 'string'
      ? [e.value]
      : []
function combinations(choices: readonly (readonly string[])[]): string[][] {
  let out: string[][] = [[]]
  for (const texts of choices)
    out = out.flatMap((before) => [...new Set(texts)].map((t) => [...before, t])).slice(0, MOST_CHOICES)
  return out
}

/** The text around the wanted one stays as it is now. */
function around(e: Call, hint: Hint, valueNow: (e: Expr) => Value): Hint {
  if (hint.kind !== 'texts') return hint
  const [text, begin, end] = e.args.map(valueNow)
  const chars = [...(textOf(text ?? null) ?? '')]
  const from = Number(begin ?? 0)
  const before = chars.slice(0, from).join('').padEnd(Math.max(0, from), 'x')
  const after = end === null || end === undefined ? '' : chars.slice(Number(end)).join('')
  return { kind: 'texts', of: hint.of.map((t) => `${before}${t}${after}`) }
}

export { plainNumber }
