// Development: does `lint` report damage where it was done? One damage of a known kind in each of so many texts of a collection.
//   npx tsx tools/lint-damage.ts FILE.jsonl cql|sumo|sigma [HOW-MANY] [SEED] [--kind KIND] [--show]
// A damaged text counts if its plan differs from the text's own or it no longer has one; so a damage without another meaning does not count.
import { readFileSync } from 'node:fs'
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { printPlan } from '../core/plan/print.ts'
import { languageNamed, optimised } from '../core/workbench/compile.ts'
import { fixed, lint } from '../core/workbench/lint.ts'
import { Random } from '../core/witness/random.ts'

const [file, id = 'cql', many = '200', seed = '1', ...rest] = process.argv.slice(2)
if (!file || !languageNamed(id))
  throw new Error('usage: lint-damage FILE.jsonl cql|sumo|sigma [HOW-MANY] [SEED] [--kind KIND] [--show]')
const only = rest.includes('--kind') ? rest[rest.indexOf('--kind') + 1] : undefined

/** Characters between the damage and a diagnostic that still tells its place, on another line. */
const NEAR = 30

interface Token {
  readonly start: number
  readonly text: string
}
interface Damage {
  readonly text: string
  /** Place in the damaged text. */
  readonly at: number
}
type Kind = (text: string, tokens: readonly Token[], random: Random) => Damage | undefined

/** Patterns and texts are one token: another letter inside them is another valid condition. */
const tokensOf = (text: string): Token[] =>
  [
    ...text.matchAll(
      /(?<=[=(,]\s*)\/(?![/*])(?:[^/\\\n]|\\.)+\/\w*|"(?:[^"\\]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\/|[\w.@#$-]+|:=|=~|[!<>=]=|&&|\|\||[^\s\w]/g,
    ),
  ].map((m) => ({
    start: m.index,
    text: m[0],
  }))
const isName = (t: Token): boolean => /^[@#]?[A-Za-z_][\w.]*$/.test(t.text)
const splice = (text: string, t: Token, by: string): Damage => ({
  text: text.slice(0, t.start) + by + text.slice(t.start + t.text.length),
  at: t.start,
})
const swapped = (word: string, random: Random): string => {
  const at = 1 + random.below(Math.max(1, word.length - 2))
  return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
}
const on =
  (
    is: (t: Token, next: Token | undefined, before: Token | undefined) => boolean,
    by: (t: Token, random: Random) => string,
  ): Kind =>
  (text, tokens, random) => {
    const places = tokens.filter((t, i) => is(t, tokens[i + 1], tokens[i - 1]) && !/^\/[/*]/.test(t.text))
    const t = places[random.below(places.length)]
    return t && splice(text, t, by(t, random))
  }
const token =
  (...texts: string[]) =>
  (t: Token): boolean =>
    texts.includes(t.text)
const isCall = (t: Token, next?: Token): boolean => isName(t) && next?.text === '('
const isField = (t: Token, next?: Token): boolean =>
  isName(t) && ['=', '!=', '<', '>', '<=', '>='].includes(next?.text ?? '')
const isParameter = (t: Token, next?: Token, before?: Token): boolean =>
  isName(t) && next?.text === '=' && ['(', ','].includes(before?.text ?? '')

const general: Record<string, Kind> = {
  'token deleted': on(
    (t) => t.text.length > 0,
    () => '',
  ),
  'token doubled': on(
    () => true,
    (t) => `${t.text} ${t.text}`,
  ),
  'bracket lost': on(token('(', ')', '[', ']', '{', '}'), () => ''),
  'quote lost': on(
    (t) => /^"/.test(t.text),
    (t) => t.text.slice(0, -1),
  ),
  'letters swapped': on(
    (t) => isName(t) && t.text.length > 4,
    (t, r) => swapped(t.text, r),
  ),
  'pipe lost': on(token('|'), () => ''),
  'pipe doubled': on(token('|'), () => '| |'),
  'comma lost': on(token(','), () => ''),
  'single quotes': on(
    (t) => /^"[^']*"$/.test(t.text),
    (t) => `'${t.text.slice(1, -1)}'`,
  ),
  'function misspelt': on(isCall, (t, r) => (t.text.length > 3 ? swapped(t.text, r) : `${t.text}s`)),
  'field misspelt': on(
    (t, n) => isField(t, n) && t.text.length > 5,
    (t) => t.text.slice(0, -1),
  ),
  '= to ==': on(token('='), () => '=='),
  '!= to <>': on(token('!='), () => '<>'),
  'and/or as symbols': on(
    (t) => /^(and|or)$/i.test(t.text),
    (t) => (/and/i.test(t.text) ? '&&' : '||'),
  ),
  'and/or lost': on(
    (t) => /^(or|not)$/i.test(t.text),
    () => '',
  ),
}
const kindsOf: Record<string, Record<string, Kind>> = {
  cql: {
    ...general,
    'parameter misspelt': on(isParameter, (t, r) => (t.text.length > 3 ? swapped(t.text, r) : `${t.text}s`)),
    ':= to =': on(token(':='), () => '='),
    '= to :=': on(isBefore('='), (t) => t.text.replace('=', ':=')),
    'arguments in words': on(
      (t, n) => isCall(t, n),
      (t) => `${t.text} by`,
    ),
    'semicolon lost': on(token(';'), () => ''),
    'slash lost': (text, _, random) => {
      const all = [...text.matchAll(/=\s*\/(?:[^/\\\n]|\\.)+\//g)]
      const m = all[random.below(all.length)]
      if (!m) return undefined
      const at = m.index + m[0].length - 1
      return { text: text.slice(0, at) + text.slice(at + 1), at }
    },
    'span as SPL': (text, _, random) => {
      const all = [...text.matchAll(/span\s*=\s*"?(\d+)(\w+)"?/gi)]
      const m = all[random.below(all.length)]
      return m && { text: `${text.slice(0, m.index)}span=${m[1]}qq${text.slice(m.index + m[0].length)}`, at: m.index }
    },
    'field in list': (text, _, random) => {
      const all = [
        ...text.matchAll(/\bin\(\s*(?:field\s*=\s*)?"?([\w.@#]+)"?\s*,\s*(?:values\s*=\s*)?\[([^\]]*)\]\s*\)/g),
      ]
      const m = all[random.below(all.length)]
      return (
        m && { text: `${text.slice(0, m.index)}${m[1]} in (${m[2]})${text.slice(m.index + m[0].length)}`, at: m.index }
      )
    },
    'comment of another language': on(
      (t) => /^[A-Za-z]/.test(t.text),
      (t) => `-- ${t.text}`,
    ),
  },
  sumo: {
    ...general,
    'operator misspelt': (text, tokens, random) => {
      const after = tokens.filter((t, i) => tokens[i - 1]?.text === '|' && isName(t) && t.text.length > 3)
      const t = after[random.below(after.length)]
      return t && splice(text, t, swapped(t.text, random))
    },
    'as lost': on(
      (t) => t.text === 'as',
      () => '',
    ),
    'by lost': on(
      (t) => t.text === 'by',
      () => '',
    ),
    'anchor star lost': (text, _, random) => {
      const all = [...text.matchAll(/\bparse\s+(?:field\s*=\s*\S+\s+)?"[^"*]*\*/g)]
      const m = all[random.below(all.length)]
      const at = m && m.index + m[0].length - 1
      return at === undefined ? undefined : { text: text.slice(0, at) + text.slice(at + 1), at }
    },
  },
  sigma: {
    'indent lost': (text, _, random) => {
      const all = [...text.matchAll(/^ {4,}(?=\S)/gm)]
      const m = all[random.below(all.length)]
      return m && { text: `${text.slice(0, m.index)} ${text.slice(m.index + m[0].length)}`, at: m.index }
    },
    'modifier misspelt': (text, _, random) => {
      const all = [...text.matchAll(/\|(\w{4,})(?=[|:])/g)]
      const m = all[random.below(all.length)]
      return (
        m && {
          text: text.slice(0, m.index + 1) + swapped(m[1] as string, random) + text.slice(m.index + m[0].length),
          at: m.index + 1,
        }
      )
    },
    'selection misspelt': (text, _, random) => {
      const all = [...text.matchAll(/^ {4}(\w{5,}):$/gm)]
      const m = all[random.below(all.length)]
      return (
        m && {
          text: `${text.slice(0, m.index + 4)}${(m[1] as string).slice(0, -1)}:${text.slice(m.index + m[0].length)}`,
          at: m.index + 4,
        }
      )
    },
    'field misspelt': (text, _, random) => {
      const all = [...text.matchAll(/^ {8}(?:- )?(\w{6,})(?=[|:])/gm)]
      const m = all[random.below(all.length)]
      const at = m && m.index + m[0].length - 1
      return at === undefined ? undefined : { text: text.slice(0, at) + text.slice(at + 1), at: at - 5 }
    },
    'condition word': (text, _, random) => {
      const m = /^ {4}condition: .*\b(and|or|not|of|them|all)\b/m.exec(text)
      if (!m) return undefined
      const at = m.index + m[0].length - (m[1] as string).length
      return {
        text: `${text.slice(0, at)}${swapped(m[1] as string, random)}${text.slice(at + (m[1] as string).length)}`,
        at,
      }
    },
    'colon lost': (text, _, random) => {
      const all = [...text.matchAll(/^\s*[\w|]+:(?= \S|$)/gm)]
      const m = all[random.below(all.length)]
      const at = m && m.index + m[0].length - 1
      return at === undefined ? undefined : { text: text.slice(0, at) + text.slice(at + 1), at }
    },
    'dash lost': (text, _, random) => {
      const all = [...text.matchAll(/^ {8,}- (?=\S)/gm)]
      const m = all[random.below(all.length)]
      const at = m && m.index + m[0].length - 2
      return at === undefined ? undefined : { text: text.slice(0, at) + text.slice(at + 2), at }
    },
  },
}

function isBefore(text: string): (t: Token, next?: Token, before?: Token) => boolean {
  return (t) => t.text === text
}

const names = (d: Diagnostic): string => `${d.code} ${d.message}`
function isAt(d: Diagnostic, at: number, text: string): boolean {
  if (d.at.kind !== 'text') return false
  const { start, end } = d.at.span
  const isNear = start <= at + NEAR && end >= at - NEAR
  return isNear || !text.slice(Math.min(end, at), Math.max(start, at)).includes('\n')
}

const random = new Random(Number(seed))
const texts = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as { id: string; query?: string; rule?: string })
const kinds = Object.entries(kindsOf[id] ?? {}).filter(([name]) => only === undefined || name === only)
const counts = new Map<string, { planted: number; found: number; elsewhere: number; repaired: number }>()
let planted = 0
for (let tries = 0; planted < Number(many) && tries < Number(many) * 20; tries++) {
  const row = texts[random.below(texts.length)]
  const text = row?.query ?? row?.rule
  const [name, kind] = kinds[random.below(kinds.length)] ?? []
  if (!row || text === undefined || !name || !kind) continue
  const damage = kind(text, tokensOf(text), random)
  if (!damage || damage.text === text) continue
  const own = lint({ name: row.id, text }, id)
  if (!own.compiled.plan || own.diagnostics.some((d) => d.severity === 'error')) continue
  const damaged = lint({ name: row.id, text: damage.text }, id)
  const ownPlan = printPlan(optimised(own.compiled.plan))
  if (
    damaged.compiled.plan &&
    printPlan(optimised(damaged.compiled.plan)) === ownPlan &&
    !damaged.diagnostics.some((d) => d.severity === 'error')
  )
    continue
  planted++
  const count = counts.get(name) ?? { planted: 0, found: 0, elsewhere: 0, repaired: 0 }
  counts.set(name, count)
  count.planted++
  const before = new Set(own.diagnostics.map(names))
  const fresh = damaged.diagnostics.filter((d) => !before.has(names(d)) && d.severity !== 'info')
  const mended = fixed({ name: row.id, text: damage.text }, id)
  const again = mended.applied.length > 0 ? lint({ name: row.id, text: mended.text }, id).compiled.plan : undefined
  if (again && printPlan(optimised(again)) === ownPlan) count.repaired++
  if (fresh.some((d) => isAt(d, damage.at, damage.text))) count.found++
  else {
    if (fresh.length > 0) count.elsewhere++
    const around = damage.text.slice(Math.max(0, damage.at - 70), damage.at + 60).replace(/\s+/g, ' ')
    console.log(`${fresh.length > 0 ? 'ELSEWHERE' : 'SILENT'} ${name} ${row.id}: …${around}…`)
    for (const d of fresh.slice(0, 2)) console.log(`      ${names(d).slice(0, 160)}`)
  }
}
for (const [name, c] of counts)
  console.log(
    `${name.padEnd(30)} ${String(c.planted).padStart(5)} planted, ${String(c.found).padStart(5)} at the place, ${c.elsewhere} elsewhere, ${c.repaired} repaired`,
  )
const sum = [...counts.values()].reduce((n, c) => n + c.found, 0)
console.log(`${planted} planted, ${sum} reported at the place (${((100 * sum) / Math.max(1, planted)).toFixed(1)} %)`)
