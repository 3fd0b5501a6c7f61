// A JSON text as flat fields, `a.b` and `a[0].c`, like parsers of logs. Numbers keep their written form.

export interface FlatOptions {
  /** `keep`: the text "null". */
  readonly handleNull: 'discard' | 'empty' | 'keep'
  readonly excludeEmpty: boolean
  /** Paths; of those that fit, the longest decides. The empty path fits every name. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** Undefined: the text is not JSON, or neither an object nor an array. */
export function flatJson(text: string, options: FlatOptions): ReadonlyMap<string, string> | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const fields = new Map<string, string>()
  const put = (name: string, raw: string): void => {
    const value =
      raw === 'null' ? nulls[options.handleNull] : raw[0] === '"' ? (JSON.parse(raw) as string).toWellFormed() : raw
    if (value === undefined || (value === '' && options.excludeEmpty) || !isWanted(name, options)) return
    fields.set(name, value)
  }
  new Walk(text, put).value('')
  return fields
}
const nulls = { discard: undefined, empty: '', keep: 'null' } as const

function isWanted(name: string, { include, exclude }: FlatOptions): boolean {
  const length = (paths: readonly string[]): number =>
    Math.max(-1, ...paths.flatMap((p) => (fits(name, p.replace(/\[\*\]$/, '')) ? [p.length] : [])))
  return length(exclude) < 0 || length(include) >= length(exclude)
}
const fits = (name: string, path: string): boolean =>
  name === path ||
  path === '' ||
  (name.startsWith(path) && (path.endsWith('.') || /^[.[]/.test(name.slice(path.length))))

/** The text is JSON, so the walk needs no checks. */
class Walk {
  readonly #text: string
  readonly #put: (name: string, raw: string) => void
  #at = 0

  constructor(text: string, put: (name: string, raw: string) => void) {
    this.#text = text
    this.#put = put
  }

  value(name: string): void {
    this.#blank()
    const start = this.#at
    const first = this.#text[start]
    if (first === '{') this.#members(name)
    else if (first === '[') this.#elements(name)
    else {
      if (first === '"') this.#string()
      else while (this.#at < this.#text.length && !/[,\]}\s]/.test(this.#text[this.#at] as string)) this.#at++
      this.#put(name, this.#text.slice(start, this.#at))
    }
    this.#blank()
  }

  #members(name: string): void {
    this.#at++
    this.#blank()
    while (this.#text[this.#at] !== '}') {
      const start = this.#at
      this.#string()
      const key = (JSON.parse(this.#text.slice(start, this.#at)) as string).toWellFormed()
      this.#blank()
      this.#at++
      this.value(name === '' ? key : `${name}.${key}`)
      this.#next()
    }
    this.#at++
  }

  #elements(name: string): void {
    this.#at++
    this.#blank()
    for (let i = 0; this.#text[this.#at] !== ']'; i++) {
      this.value(`${name}[${i}]`)
      this.#next()
    }
    this.#at++
  }

  #next(): void {
    if (this.#text[this.#at] === ',') this.#at++
    this.#blank()
  }

  #string(): void {
    this.#at++
    while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at++
  }

  #blank(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
  }
}
