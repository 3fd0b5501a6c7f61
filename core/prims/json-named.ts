// Fields of JSON by flat names, as products that flatten JSON have them: `a.b` for {"a":{"b":…}}, in any case, `_` for white space.
import { jsonGet } from './json-text.ts'

interface Flat {
  /** Most names and positions in the path of a field. Null: any number. */
  readonly maxDepth: number | null
  /** Elements of arrays of plain values are fields too: `a[0]`. Those of other arrays always are. */
  readonly arrays: boolean
}

const MOST_TRIES = 50

interface Blob {
  readonly text: string
  readonly value: unknown
}

// A cache: a query reads many fields of one message in a row.
let latest: { readonly of: string; readonly blob: Blob | undefined } | undefined

function blobOf(text: string): Blob | undefined {
  if (latest?.of !== text) latest = { of: text, blob: lastBlob(text) }
  return latest.blob
}

/** The last JSON object or array in a text; the whole text where it is JSON. */
function lastBlob(text: string): Blob | undefined {
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  const opens = text[end] === '}' ? '{' : '['
  let tries = 0
  for (let at = text.indexOf(opens); at >= 0 && at < end && tries < MOST_TRIES; at = text.indexOf(opens, at + 1)) {
    const blob = text.slice(at, end + 1)
    tries++
    try {
      return { text: blob, value: JSON.parse(blob) }
    } catch {}
  }
  return undefined
}

type Path = readonly (string | number)[]

function pathOf(value: unknown, name: string, flat: Flat, depth: number): Path | undefined {
  if (name === '') return []
  if (typeof value !== 'object' || value === null) return undefined
  if (flat.maxDepth !== null && depth >= flat.maxDepth) return undefined
  if (Array.isArray(value)) {
    const nested = value.some((x) => typeof x === 'object' && x !== null)
    const m = flat.arrays || nested ? /^\[(\d+)\]\.?/.exec(name) : null
    const rest = m && pathOf(value[Number(m[1])], name.slice(m[0].length), flat, depth + 1)
    return m && rest ? [Number(m[1]), ...rest] : undefined
  }
  const keys = Object.keys(value)
  const exact = keys.filter((k) => name.startsWith(k))
  for (const key of exact.length > 0 ? [...exact, ...keys] : keys) {
    const flatKey = key.replace(/\s/g, '_').toLowerCase()
    const rest = restOf(name, flatKey)
    const found =
      rest === undefined ? undefined : pathOf((value as Record<string, unknown>)[key], rest, flat, depth + 1)
    if (found) return [key, ...found]
  }
  return undefined
}

/** The rest of a name after a key: nothing, further names after a dot, or a position in an array. */
function restOf(name: string, key: string): string | undefined {
  if (!name.toLowerCase().startsWith(key)) return undefined
  const rest = name.slice(key.length)
  return rest === '' || rest[0] === '[' ? rest : rest[0] === '.' ? rest.slice(1) : undefined
}

/** The value of a flat name. Among names that differ only in case, the exact spelling wins. */
export function jsonNamed(text: string, name: string, flat: Flat): string | null {
  const blob = blobOf(text)
  const path = blob && pathOf(blob.value, name, flat, 0)
  return blob && path && path.length > 0 ? jsonGet(blob.text, path) : null
}
