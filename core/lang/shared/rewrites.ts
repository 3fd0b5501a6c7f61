// Facts that a platform keeps in other fields, for vocabularies of several languages.
import { all, any, constant, type FieldTest, normal, plainText, textTest } from './condition.ts'
import type { Condition, Part } from './portable.ts'
import { Refused, type Rewritten } from './target.ts'

const onField = (t: FieldTest, field: string): Condition => ({ ...t, field })

/** The same fact in one of two fields, by a condition on the event. */
export const byCase = (
  cases: readonly (readonly [when: Condition, field: string])[],
  name: string | undefined,
  loss?: Rewritten['loss'],
): Rewritten => ({
  ...(name === undefined ? {} : { name }),
  test: (t) => any(...cases.map(([when, field]) => all(when, onField(t, field)))),
  ...(loss ? { loss } : {}),
})

/** A fact with few values. Each is a condition. */
export const byValue = (values: Readonly<Record<string, Condition>>, what: string): Rewritten => ({
  test: (t) => {
    if (t.kind === 'exists') return any(...Object.values(values))
    const value = t.kind === 'text' ? plainText(t)?.toLowerCase() : undefined
    const found = value === undefined ? undefined : Object.hasOwn(values, value) ? values[value] : undefined
    if (found === undefined) throw new Refused(`${what}: only ${Object.keys(values).join(', ')} have a counterpart`)
    return found
  },
})

/** `DOMAIN\name` in two fields. */
export const domainUser = (domain: string, name: string): Rewritten => ({
  name,
  test: (t) => {
    if (t.kind !== 'text') return onField(t, name)
    const parts = normal(t.parts)
    const at = parts.findIndex((p) => 'text' in p && p.text.includes('\\'))
    if (at < 0) {
      const opens = parts[0] !== undefined && 'wild' in parts[0] && parts[0].wild === '*'
      const closes = 'wild' in (parts.at(-1) ?? { text: '' })
      // `*SYSTEM*` may be in either; `*\admin` and `admin*` are decided by the backslash.
      if (opens && closes) return any(onField(t, domain), onField(t, name))
      if (opens) return onField(t, name)
      throw new Refused(`a user name without its domain is a part of DOMAIN\\name`)
    }
    const split = parts[at] as { readonly text: string }
    const cut = split.text.indexOf('\\')
    const before: Part[] = [...parts.slice(0, at), { text: split.text.slice(0, cut) }]
    const after: Part[] = [{ text: split.text.slice(cut + 1) }, ...parts.slice(at + 1)]
    const isOpen = (p: readonly Part[]): boolean => {
      const n = normal(p)
      return n.length === 1 && n[0] !== undefined && 'wild' in n[0] && n[0].wild === '*'
    }
    const side = (field: string, p: readonly Part[]): Condition[] =>
      isOpen(p) ? [] : [{ ...t, field, parts: normal(p) }]
    return all(...side(domain, before), ...side(name, after))
  },
  loss: { kind: 'user-split', message: `Sigma's User is DOMAIN\\name; here ${domain} and ${name} are two fields` },
})

/** Sysmon's `Hashes`, `MD5=…,SHA256=…`, in a field for each algorithm. */
export const hashes = (fields: Readonly<Record<string, string>>): Rewritten => ({
  test: (t) => {
    if (t.kind !== 'text') throw new Refused('Hashes: only texts with one hash have a counterpart')
    const text = normal(t.parts)
      .map((p) => ('text' in p ? p.text : ''))
      .join('')
    const found = /^(MD5|SHA1|SHA256|IMPHASH)=([0-9A-F]+),?$/i.exec(text)
    const length = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256' }[text.length as 32]
    const algorithm = found?.[1]?.toUpperCase() ?? (/^[0-9A-F]+$/i.test(text) ? length : undefined)
    const field = algorithm === undefined ? undefined : fields[algorithm]
    if (field === undefined) throw new Refused(`Hashes: no field for ${JSON.stringify(text.slice(0, 40))}`)
    return textTest(field, found?.[2] ?? text)
  },
  filled: (value) => {
    const named = value.split(',').map((v) => /^(\w+)=([0-9A-F]+)$/i.exec(v))
    if (named.some((m) => m === null || !Object.hasOwn(fields, (m[1] as string).toUpperCase()))) return undefined
    return Object.fromEntries(named.flatMap((m) => (m ? [[fields[(m[1] as string).toUpperCase()], m[2]]] : [])))
  },
})

/** A whole path where the telemetry has only the name of the file. */
export const fileNameOnly = (field: string): Rewritten => ({
  name: field,
  test: (t) => {
    const parts = t.kind === 'text' ? normal(t.parts) : []
    const [star, last, ...more] = parts
    const text = last !== undefined && 'text' in last ? last.text : ''
    if (t.kind !== 'text' || star === undefined || !('wild' in star) || more.length > 0 || !/^[\\/][^\\/]+$/.test(text))
      throw new Refused(`${field} is the name of a file without its folder`)
    return { ...t, field, parts: [{ text: text.slice(1) }] }
  },
})

/** Replaces the beginning of a text that does not begin with a wildcard. */
export function withBeginning(
  t: FieldTest,
  field: string,
  beginnings: Readonly<Record<string, readonly string[]>>,
): Condition {
  if (t.kind !== 'text') return onField(t, field)
  const parts = normal(t.parts)
  const [first, ...rest] = parts
  if (first === undefined || !('text' in first)) return onField(t, field)
  for (const [from, to] of Object.entries(beginnings))
    if (first.text.toLowerCase().startsWith(from.toLowerCase()))
      return any(
        ...to.map(
          (b): Condition => ({ ...t, field, parts: normal([{ text: b + first.text.slice(from.length) }, ...rest]) }),
        ),
      )
  return onField(t, field)
}

/** Sysmon writes numbers of the registry as `DWORD (0x00000001)` and `QWORD (0x00000000-0x00000001)`; others have the decimal number. */
export const registryData = (field: string, platform: string): Rewritten => ({
  name: field,
  test: (t) => {
    if (t.kind !== 'text') return onField(t, field)
    const text = t.parts.map((p) => ('text' in p ? p.text : '')).join('')
    const plain = t.parts.every((p) => 'text' in p)
    const number = plain ? /^(?:DWORD \(0x|QWORD \(0x([0-9a-f]{1,8})-0x)([0-9a-f]{1,8})\)$/i.exec(text) : undefined
    if (number) return constant(field, String((BigInt(`0x${number[1] ?? 0}`) << 32n) + BigInt(`0x${number[2]}`)))
    if (/DWORD|QWORD|Binary Data|\(Empty\)/i.test(text))
      throw new Refused(`Details: ${platform} has the data without its type, not ${JSON.stringify(text)}`, t.at)
    return onField(t, field)
  },
})
