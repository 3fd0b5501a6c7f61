// Conditions without tests that their neighbours decide.
import type { Condition } from '../lang/shared/portable.ts'
import { ALWAYS, keyOf, NEVER, notOf, regrouped } from './groups.ts'
import { isPlain, plainText } from './parts.ts'

/** The values that a field can have at this place. */
type Domains = ReadonlyMap<string, ReadonlySet<string>>

/** `exclusive`: groups of fields that exclude each other in an event. */
export function simplified(c: Condition, exclusive: readonly (readonly string[])[] = []): Condition {
  let out = withoutExclusive(c, exclusive)
  // A test that one round decides can decide others in the next.
  for (let round = 0; round < 4; round++) {
    const next = within(out, new Map())
    if (next === out || keyOf(next) === keyOf(out)) break
    out = next
  }
  return out
}

function within(c: Condition, known: Domains): Condition {
  switch (c.kind) {
    case 'not': {
      const of = within(c.of, known)
      return of === c.of ? c : notOf(of)
    }
    case 'all': {
      const domains = new Map(known)
      const defining = new Set<Condition>()
      for (const o of c.of) {
        const found = domainOf(o)
        if (!found || domains.has(found.field)) continue
        domains.set(found.field, found.values)
        defining.add(o)
      }
      const said = new Set<Condition>()
      // `not` of some of the values leaves the others.
      for (const o of c.of) {
        const found = o.kind === 'not' ? domainOf(o.of) : undefined
        const values = found && domains.get(found.field)
        if (!values || ![...found.values].some((v) => values.has(v))) continue
        domains.set(found.field, new Set([...values].filter((v) => !found.values.has(v))))
        said.add(o)
      }
      const out = c.of.map((o) => {
        if (said.has(o)) return ALWAYS
        if (!defining.has(o)) return within(o, domains)
        const values = domains.get(domainOf(o)?.field ?? '')
        return within(
          o.kind === 'any'
            ? regrouped(
                o,
                o.of.filter((t) => values?.has(plainValue(t))),
              )
            : o,
          known,
        )
      })
      return present(regrouped(c, out))
    }
    case 'any': {
      const out = regrouped(
        c,
        c.of.map((o) => within(o, known)),
      )
      if (out.kind !== 'any') return out
      for (const [field, values] of known) {
        const tested = new Set(
          out.of.flatMap((o) =>
            o.kind === 'text' && o.cased && o.field === field && isPlain(o.parts) ? [plainText(o.parts)] : [],
          ),
        )
        if ([...values].every((v) => tested.has(v))) return ALWAYS
      }
      return out
    }
    case 'text': {
      const values = known.get(c.field)
      if (!values || !c.cased || !isPlain(c.parts)) return c
      const value = plainText(c.parts)
      return !values.has(value) ? NEVER : values.size === 1 ? ALWAYS : c
    }
    default:
      return c
  }
}

const plainValue = (c: Condition): string => (c.kind === 'text' ? plainText(c.parts) : '')

/** A condition that names the values of one field. */
function domainOf(c: Condition): { readonly field: string; readonly values: ReadonlySet<string> } | undefined {
  const all = c.kind === 'any' ? c.of : [c]
  const [one] = all
  if (one?.kind !== 'text') return undefined
  const values = new Set<string>()
  for (const o of all) {
    if (o.kind !== 'text' || o.field !== one.field || !o.cased || !isPlain(o.parts)) return undefined
    values.add(plainText(o.parts))
  }
  return { field: one.field, values }
}

/** A field that is tested is there. */
function present(c: Condition): Condition {
  if (c.kind !== 'all') return c
  const tested = new Set(c.of.flatMap(requiredFields))
  const isGone = (o: Condition): boolean => o.kind === 'not' && o.of.kind === 'exists' && tested.has(o.of.field)
  if (c.of.some(isGone)) return NEVER
  return regrouped(
    c,
    c.of.filter((o) => o.kind !== 'exists' || !tested.has(o.field)),
  )
}

function requiredFields(c: Condition): string[] {
  switch (c.kind) {
    case 'text':
    case 'regex':
    case 'number':
    case 'network':
      return [c.field]
    case 'fields':
      return [c.left, c.right]
    case 'all':
      return c.of.flatMap(requiredFields)
    case 'any': {
      const [first = [], ...others] = c.of.map(requiredFields)
      return first.filter((f) => others.every((o) => o.includes(f)))
    }
    default:
      return []
  }
}

/** Where another field of the group is tested, this one is not there: that need not be said. */
function withoutExclusive(c: Condition, exclusive: readonly (readonly string[])[]): Condition {
  if (exclusive.length === 0) return c
  if (c.kind === 'not') return notOf(withoutExclusive(c.of, exclusive))
  if (c.kind === 'any')
    return regrouped(
      c,
      c.of.map((o) => withoutExclusive(o, exclusive)),
    )
  if (c.kind !== 'all') return c
  const of = c.of.map((o) => withoutExclusive(o, exclusive))
  const tested = of.flatMap(requiredFields)
  return regrouped(
    c,
    of.filter((o) => {
      if (o.kind !== 'not' || o.of.kind !== 'exists') return true
      const { field } = o.of
      return !exclusive.some((g) => g.includes(field) && g.some((f) => f !== field && tested.includes(f)))
    }),
  )
}
