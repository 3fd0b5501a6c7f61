import { type Place, inText } from '../../../diag/diagnostic.ts'
import type { Compare, Condition, Step, Traits } from '../../../lang/shared/outline.ts'
import { globTest } from '../../../prims/glob.ts'
import { isExact, parts, resets } from '../../conditions.ts'
import { cut } from '../../../text/cut.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly field: string
  readonly here: string
  readonly there: string
}

export const contradiction = textRule<Params>({
  id: 'LNT501',
  slug: 'contradiction',
  severity: 'warning',
  title: 'Two conditions that exclude each other',
  message: (p) => `\`${p.here}\` excludes \`${p.there}\`: no event meets both`,
  why: 'A field has one value in an event. Conditions in a row all have to hold.',
  remedy: () => 'join the two with `or`, or remove one of them',
  checkText({ outline, source }) {
    const found: Violation<Params>[] = []
    for (const { steps } of outline.pipelines) {
      let known = new Map<string, Known>()
      for (const step of steps) {
        if (step.kind === 'filter') check(step.where, known)
        else if (step.kind === 'set') known.delete(step.field)
        else if (resets(step) && !KEEPS.has(nameOf(step))) known = new Map()
      }
    }
    return found

    function check(where: Condition, known: Map<string, Known>): void {
      for (const written of parts(where, 'and')) {
        const part = anyOf(written) ?? written
        if (part.kind === 'or' || part.kind === 'not') {
          // The parts of an `or` each hold with all that is known, not with each other.
          for (const x of part.kind === 'or' ? part.of : [])
            check(x, new Map([...known].map(([f, k]) => [f, { ...k }])))
          continue
        }
        if (part.kind !== 'compare' || part.field.includes('[')) continue
        const before = known.get(part.field) ?? {}
        const after = narrowed(before, part, outline.traits)
        if (after?.clash) {
          const text = (c: Compare): string => short(source.text.slice(c.at.start, c.at.end))
          const also: { at: Place; text: string }[] = [{ at: inText(source, after.clash.at), text: 'excludes this' }]
          found.push({
            at: inText(source, part.at),
            params: { field: part.field, here: text(part), there: text(after.clash) },
            also,
          })
        } else if (after) known.set(part.field, after)
      }
    }
  },
})

/** `a=1 or a=2` as one comparison with several values. */
function anyOf(c: Condition): Compare | undefined {
  if (c.kind !== 'or') return undefined
  const of = parts(c, 'or')
  const [first] = of
  if (first?.kind !== 'compare') return undefined
  const values = of.flatMap((x) =>
    x.kind === 'compare' &&
    x.field === first.field &&
    (x.op === '=' || x.op === 'in') &&
    x.hasWildcards === first.hasWildcards &&
    x.foldsCase === first.foldsCase &&
    x.isCased === first.isCased
      ? [x.values]
      : [],
  )
  return values.length === of.length ? { ...first, op: 'in', values: values.flat(), at: c.at } : undefined
}

/** Values that are still possible, with the condition that says so. */
interface Known {
  readonly values?: readonly string[]
  readonly valuesBy?: Compare
  readonly more?: number
  readonly moreBy?: Compare
  readonly less?: number
  readonly lessBy?: Compare
  readonly clash?: Compare
}

const KEEPS: ReadonlySet<string> = new Set(['sort', 'limit'])
const nameOf = (s: Step): string => (s.kind === 'other' ? s.name : '')
const short = (text: string): string => cut(text.replace(/\s+/g, ' '), 60)

function narrowed(k: Known, test: Compare, traits: Traits): Known | undefined {
  const fold = (test.foldsCase ?? traits.foldsCase) && !test.isCased
  const norm = (v: string): string =>
    v.trim() !== '' && Number.isFinite(Number(v)) ? String(Number(v)) : fold ? v.toLowerCase() : v
  if (test.values.some((v) => v.kind === 'hole' || v.kind === 'field' || v.kind === 'regex')) return undefined
  if (test.op === '=' || test.op === 'in') {
    const globs = test.values.filter((v) => !isExact(test, v)).map((v) => v.text)
    if (globs.length > 0 && !k.values) return undefined
    const own = test.values.filter((v) => isExact(test, v)).map((v) => norm(v.text))
    const left =
      k.values?.filter((v) => own.includes(v) || globs.some((g) => globTest(v, fold ? g.toLowerCase() : g))) ?? own
    if (left.length === 0 && k.valuesBy) return { clash: k.valuesBy }
    const inRange = left.filter((v) => !Number.isFinite(Number(v)) || v === '' || isWithin(Number(v), k))
    const by = k.moreBy ?? k.lessBy
    if (inRange.length === 0 && by) return { clash: by }
    return { ...k, values: inRange, valuesBy: test }
  }
  const bound = Number(test.values[0]?.text)
  if (!['<', '<=', '>', '>='].includes(test.op) || !Number.isFinite(bound) || test.values[0]?.text === '')
    return undefined
  const next: Known = test.op.startsWith('>')
    ? { ...k, more: bound, moreBy: test }
    : { ...k, less: bound, lessBy: test }
  const other = test.op.startsWith('>') ? k.lessBy : k.moreBy
  const isStrict = test.op.length === 1 || other?.op.length === 1
  if (
    next.more !== undefined &&
    next.less !== undefined &&
    other &&
    (isStrict ? next.more >= next.less : next.more > next.less)
  )
    return { clash: other }
  const left = k.values?.filter((v) => !Number.isFinite(Number(v)) || isWithin(Number(v), next))
  if (left && left.length === 0 && k.valuesBy) return { clash: k.valuesBy }
  return next
}

const isWithin = (n: number, { more, moreBy, less, lessBy }: Known): boolean =>
  (more === undefined || (moreBy?.op === '>' ? n > more : n >= more)) &&
  (less === undefined || (lessBy?.op === '<' ? n < less : n <= less))
