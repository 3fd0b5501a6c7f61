// A syntax tree as an S-expression: no places, one line where it fits.
const WIDTH = 100

type Short = string | number | boolean | null | readonly Short[] | { readonly [name: string]: Short }

/** The tree without places. A node that has only a name becomes the name. */
export function shortTree(node: unknown): Short {
  if (Array.isArray(node)) return node.map(shortTree)
  if (node instanceof Map) return Object.fromEntries([...node].map(([k, v]) => [String(k), shortTree(v)]))
  if (typeof node === 'bigint') return String(node)
  if (typeof node !== 'object' || node === null) {
    return typeof node === 'string' || typeof node === 'number' || typeof node === 'boolean' ? node : null
  }
  const entries = Object.entries(node).filter(([k, v]) => v !== undefined && !isPlace(k, v))
  const names = entries.map(([k]) => k).filter((k) => k !== 'quoted')
  if (names.length === 1 && names[0] === 'name') return shortTree(entries.find(([k]) => k === 'name')?.[1])
  return Object.fromEntries(
    entries.filter(([k, v]) => !(v === false && k !== 'value')).map(([k, v]) => [k, shortTree(v)]),
  )
}

const isPlace = (key: string, value: unknown): boolean =>
  /(?:^s|S)pan$/.test(key) ||
  (typeof value === 'object' && value !== null && 'start' in value && 'end' in value && Object.keys(value).length === 2)

export const printTree = (node: unknown): string => lines(plainer(shortTree(node)), 0, '').join('\n')

type Fields = { readonly [name: string]: Short }
const isFields = (s: Short): s is Fields => typeof s === 'object' && s !== null && !Array.isArray(s)

/** Leaves out wrappers without information: a value that only holds a value, the call in a call. */
function plainer(s: Short): Short {
  if (Array.isArray(s)) return s.map(plainer)
  if (!isFields(s)) return s
  const keys = Object.keys(s)
  if (keys.length === 1 && s['value'] !== undefined) return plainer(s['value'])
  if (keys.length === 2 && typeof s['name'] === 'string' && s['value'] !== undefined) {
    return { [s['name']]: plainer(s['value']) }
  }
  const { call, ...rest } = s
  const merged = call !== undefined && isFields(call) ? { ...rest, ...call } : s
  return Object.fromEntries(Object.entries(merged).map(([k, v]) => [k, plainer(v)]))
}

function flat(s: Short): string {
  if (typeof s === 'string') return /^[\w.#@*:/=<>!+-]+$/.test(s) ? s : JSON.stringify(s)
  if (typeof s !== 'object' || s === null) return String(s)
  if (!isFields(s)) return `[${s.map(flat).join(' ')}]`
  const { kind, ...rest } = s
  const parts = Object.entries(rest).map(([k, v]) => `${k}: ${flat(v)}`)
  return kind === undefined ? parts.join(' ') : `(${[flat(kind), ...parts].join(' ')})`
}

function lines(s: Short, depth: number, label: string): string[] {
  const lead = '  '.repeat(depth) + label
  const one = flat(s)
  if (lead.length + one.length <= WIDTH || typeof s !== 'object' || s === null) return [lead + one]
  if (!isFields(s))
    return [...(label ? [lead.trimEnd()] : []), ...s.flatMap((x) => lines(x, depth + (label ? 1 : 0), ''))]
  const { kind, ...rest } = s
  const entries = Object.entries(rest)
  const [only] = entries
  if (kind === undefined && entries.length === 1 && only) return lines(only[1], depth, `${label}${only[0]}: `)
  const isShort = (v: Short): boolean => typeof v !== 'object' || v === null
  const head = entries.filter(([, v]) => isShort(v)).map(([k, v]) => `${k}: ${flat(v)}`)
  const below = entries.filter(([, v]) => !isShort(v)).flatMap(([k, v]) => lines(v, depth + 1, `${k}: `))
  return [lead + [...(kind === undefined ? [] : [flat(kind)]), ...head].join(' '), ...below]
}
