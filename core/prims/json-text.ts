// Finds a value in JSON text without losing its lexeme: JSON.parse would turn 1.10 into 1.1 and round long integers.
// The whole text must be JSON (JSON.parse decides); after that the walk needs no checks.

interface Walk {
  readonly src: string
  at: number
}
type Path = readonly (string | number)[]

export function jsonGet(text: string, path: Path): string | null {
  const { isJson, members } = outlineOf(text)
  if (!isJson) return null
  const [first] = path
  const start = typeof first === 'string' ? members.get(first) : 0
  if (start === undefined) return null
  const span = find({ src: text, at: start }, path, typeof first === 'string' ? 1 : 0)
  return span === null ? null : shown(span)
}

interface Outline {
  readonly isJson: boolean
  /** Where the value of each member of an object begins. */
  readonly members: ReadonlyMap<string, number>
}
/** A cache: a query asks one text for many members. */
let last: { readonly text: string; readonly outline: Outline } | undefined

function outlineOf(text: string): Outline {
  if (last?.text === text) return last.outline
  const outline = { isJson: isJson(text), members: new Map<string, number>() }
  if (outline.isJson) {
    const w = { src: text, at: 0 }
    blank(w)
    if (text[w.at] === '{') eachMember(w, (name) => outline.members.set(name, w.at))
  }
  last = { text, outline }
  return outline
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The walk is at the object, and then at each value. */
function eachMember(w: Walk, visit: (name: string) => void): void {
  w.at++
  blank(w)
  while (w.src[w.at] !== '}') {
    const start = w.at
    skipString(w)
    const name = JSON.parse(w.src.slice(start, w.at)) as string
    blank(w)
    w.at++
    visit(name)
    find(w, NOWHERE, 0)
    blank(w)
    if (w.src[w.at] === ',') w.at++
    blank(w)
  }
}

const shown = (raw: string): string | null =>
  raw === 'null' ? null : raw[0] === '"' ? (JSON.parse(raw) as string).toWellFormed() : raw

const blank = (w: Walk): void => {
  for (;;) {
    const c = w.src.charCodeAt(w.at)
    if (c !== 32 && c !== 9 && c !== 10 && c !== 13) return
    w.at++
  }
}

/** Reads one value. Returns the raw text at the path inside it. */
function find(w: Walk, path: Path, depth: number): string | null {
  blank(w)
  const start = w.at
  const c = w.src[w.at]
  let found: string | null = null
  if (c === '{' || c === '[') found = inside(w, path, depth, c === '{')
  else if (c === '"') skipString(w)
  else while (w.at < w.src.length && !/[,\]}\s]/.test(w.src[w.at] as string)) w.at++
  return depth === path.length ? w.src.slice(start, w.at) : found
}

function inside(w: Walk, path: Path, depth: number, object: boolean): string | null {
  const close = object ? '}' : ']'
  const want = path[depth]
  const items: (string | null)[] = []
  let found: string | null = null
  w.at++
  blank(w)
  for (let i = 0; w.src[w.at] !== close; i++) {
    let hit = false
    if (object) {
      const start = w.at
      skipString(w)
      hit = typeof want === 'string' && want !== NO_NAME && JSON.parse(w.src.slice(start, w.at)) === want
      blank(w)
      w.at++
    } else hit = typeof want === 'number' && want === i
    const value = find(
      w,
      hit || (!object && typeof want === 'number' && want < 0) ? path : NOWHERE,
      hit || !object ? depth + 1 : 0,
    )
    if (hit) found = value
    items.push(value)
    blank(w)
    if (w.src[w.at] === ',') w.at++
    blank(w)
  }
  w.at++
  return !object && typeof want === 'number' && want < 0 ? (items.at(want) ?? null) : found
}
/** A path that matches nothing, so that the value is only skipped. */
const NO_NAME = '\u0000nowhere'
const NOWHERE: Path = [NO_NAME, NO_NAME]

function skipString(w: Walk): void {
  w.at++
  while (w.src[w.at] !== '"') w.at += w.src[w.at] === '\\' ? 2 : 1
  w.at++
}
