// ArcSight's CEF and QRadar's LEEF as flat fields, under the names of LogScale's parsers.

/** A head of parts between bars (`\|` and `\\` are escaped), behind any text; undefined without it. */
function head(text: string, word: string, parts: number): { parts: string[]; rest: string } | undefined {
  const start = text.indexOf(`${word}:`)
  if (start < 0) return undefined
  const out: string[] = []
  let part = ''
  for (let i = start + word.length + 1; i < text.length; i++) {
    const c = text[i] as string
    if (c === '\\' && i + 1 < text.length && /[|\\]/.test(text[i + 1] as string)) part += text[++i]
    else if (c !== '|') part += c
    else {
      out.push(part)
      part = ''
      if (out.length === parts) return { parts: out, rest: text.slice(i + 1) }
    }
  }
  return out.length === parts - 1 ? { parts: [...out, part], rest: '' } : undefined
}

const unescapeValue = (text: string): string =>
  text.replace(/\\([=\\nr])/g, (_, c: string) => ({ n: '\n', r: '\r' })[c] ?? c)

/** `key=value` pairs whose values hold blanks: a value ends before the next key. */
function cefPairs(text: string): [string, string][] {
  const starts = [...text.matchAll(/(?:^|\s)([\w.[\]-]+)=/g)].filter((m) => !/\\$/.test(m[0].slice(0, -1)))
  return starts.map((m, i) => {
    const from = (m.index as number) + m[0].length
    return [m[1] as string, unescapeValue(text.slice(from, starts[i + 1]?.index ?? text.length).trim())]
  })
}

interface Names {
  readonly header: string
  readonly ext: string
  readonly label: string
  /** Fields that name others and the fields that they name stay under their own names, too. */
  readonly keepLabels: boolean
}

/** `cs1Label=Tool cs1=x` is the field `Tool` with the value x. Other characters than letters, digits and dots become `_`. */
function withLabels(out: Map<string, string>, pairs: readonly (readonly [string, string])[], names: Names): void {
  const values = new Map(pairs)
  for (const [key, value] of pairs) {
    const named = key.endsWith('Label') ? key.slice(0, -'Label'.length) : undefined
    const labelled = named === undefined ? values.has(`${key}Label`) : values.has(named)
    if (named !== undefined && labelled)
      out.set(`${names.label}${value.replace(/[^\w.]/g, '_')}`, values.get(named) as string)
    if (!labelled || names.keepLabels) out.set(`${names.ext}${key}`, value)
  }
}

/** Undefined: the text has no CEF head. */
export function cefFields(text: string, names: Names): ReadonlyMap<string, string> | undefined {
  const found = head(text, 'CEF', 7)
  if (!found) return undefined
  const words = ['version', 'device.vendor', 'device.product', 'device.version', 'event_class_id', 'name', 'severity']
  const out = new Map(words.map((w, i) => [`${names.header}${w}`, found.parts[i] as string]))
  withLabels(out, cefPairs(found.rest), names)
  return out
}

/** The delimiter of LEEF 2 is a character or its code: `^`, `0x5E`, `x5E`. */
function delimiterOf(text: string): string {
  const hex = /^(?:0?[xX])([0-9A-Fa-f]{1,4})$/.exec(text.trim())
  return hex ? String.fromCharCode(Number.parseInt(hex[1] as string, 16)) : text
}

/** Undefined: the text has no LEEF head. `delimiter`: between two pairs, instead of the one that the head declares. */
export function leefFields(text: string, names: Names, delimiter: string): ReadonlyMap<string, string> | undefined {
  const two = /LEEF:2(?:\.0)?\|/.test(text)
  const found = head(text, 'LEEF', two ? 6 : 5)
  if (!found) return undefined
  const words = ['version', 'device.vendor', 'device.product', 'device.version', 'event_id']
  const out = new Map(words.map((w, i) => [`${names.header}${w}`, found.parts[i] as string]))
  const between = delimiter !== '' ? delimiter : two && found.parts[5] ? delimiterOf(found.parts[5]) : '\t'
  const pairs = found.rest.split(between).flatMap((p): [string, string][] => {
    const at = p.indexOf('=')
    return at > 0 ? [[p.slice(0, at).trim(), p.slice(at + 1)]] : []
  })
  withLabels(out, pairs, names)
  return out
}
