// parse, parse regex, extract, json, kv, csv, split: fields out of text.
import { numberValue, stringText, type Token } from '../1-lex/lex.ts'
import { stringOf } from './parse-expr.ts'
import type { Name, Stage } from './ast.ts'
import { type Cursor, from, isName, name } from './cursor.ts'
import type { Bare } from './parse-stages.ts'
import type { Span } from '../../../text/source.ts'

/** `other`: the word begins no extraction. */
export function parseExtraction(c: Cursor, word: string, head: Token): Stage | 'other' | undefined {
  const done = (s: Bare | undefined): Stage | undefined => s && { ...s, span: from(head.span, c), head: head.span }
  switch (word) {
    case 'parse': {
      c.next()
      if (c.eatWord('regex')) return done(regexStage(c))
      if (c.eatWord('xml')) return done(xmlStage(c))
      if (c.isWord('using') || c.isWord('infer'))
        return done({ kind: 'other', name: 'parse using', tokens: c.skipStage() })
      return done(anchorStage(c))
    }
    case 'extract':
      c.next()
      return done(regexStage(c))
    case 'json':
      c.next()
      return done(jsonStage(c))
    case 'kv':
    case 'keyvalue':
      c.next()
      return done(kvStage(c))
    case 'csv':
    case 'split':
      c.next()
      return done(columnsStage(c, word))
    default:
      return 'other'
  }
}

interface Common {
  field: Name | undefined
  nodrop: boolean
}

/** `field=f` and `nodrop` stand before or after everything else. */
function common(c: Cursor, into: Common): boolean {
  if (c.eatWord('nodrop')) {
    into.nodrop = true
    return true
  }
  if (c.isWord('field') && c.isPunct('=', 1)) {
    c.next()
    c.next()
    into.field = name(c)
    return true
  }
  return false
}

const OPTION = /^(nodrop|multi|field|auto|keys|maxdepth|extractarrays|refonly)$/i

/** Names after `as`, up to a string, an option or the end. */
function aliases(c: Cursor): Name[] {
  const out: Name[] = []
  const inParens = c.eat('(')
  while (isName(c.peek()) || c.peek().kind === 'hole') {
    if (OPTION.test(c.peek().text) && (out.length > 0 || c.isPunct('=', 1)) && !c.isPunct(',', 1)) break
    const n = name(c)
    if (!n) break
    out.push(n)
    if (!c.eat(',')) break
  }
  if (inParens) c.expect(')')
  return out
}

const text = (c: Cursor): { text: string; span: Span } => {
  const t = c.next()
  return { text: t.kind === 'string' || t.kind === 'single' ? stringOf(c, t) : t.text, span: t.span }
}
const isText = (c: Cursor): boolean => ['string', 'single', 'hole'].includes(c.peek().kind)

function anchorStage(c: Cursor): Bare | undefined {
  const into: Common = { field: undefined, nodrop: false }
  const parts: { pattern: string; names: Name[]; span: Span }[] = []
  while (!c.stageOver) {
    if (common(c, into)) continue
    if (!isText(c)) {
      c.fail('a pattern in double quotes')
      return undefined
    }
    const pattern = text(c)
    common(c, into)
    const found = c.eatWord('as') ? aliases(c) : []
    parts.push({ pattern: pattern.text, names: found, span: pattern.span })
    c.eat(',')
  }
  if (parts.length === 0) c.fail('a pattern in double quotes')
  return parts.length === 0 ? undefined : { kind: 'anchor', ...into, parts }
}

function regexStage(c: Cursor): Bare | undefined {
  const into: Common & { multi: boolean } = { field: undefined, nodrop: false, multi: false }
  const patterns: { pattern: string; span: Span }[] = []
  while (!c.stageOver) {
    if (common(c, into)) continue
    if (c.eatWord('multi')) into.multi = true
    else if (isText(c)) {
      const p = text(c)
      patterns.push({ pattern: p.text, span: p.span })
    } else if (c.peek().kind === 'regex') {
      const t = c.next()
      patterns.push({ pattern: t.text.slice(1, t.text.lastIndexOf('/')), span: t.span })
    } else if (!c.eat(',')) {
      c.fail('a regular expression in double quotes')
      return undefined
    }
  }
  if (patterns.length === 0) c.fail('a regular expression in double quotes')
  return patterns.length === 0 ? undefined : { kind: 'regex', ...into, patterns }
}

interface Path {
  path: string
  as: Name | undefined
  span: Span
}

/** `"a", "b" as x, y, "c" as z`: names go to the paths that have none yet, in order. */
function paths(c: Cursor, into: Common, option: (c: Cursor) => boolean, named = false): Path[] | undefined {
  const out: Path[] = []
  let pending = 0
  while (!c.stageOver) {
    if (common(c, into) || option(c)) continue
    if (isText(c)) {
      const t = text(c)
      out.push({ path: t.text, as: undefined, span: t.span })
    } else if (c.isWord('as')) {
      c.next()
      for (const n of aliases(c)) {
        const path = out[pending]
        if (path) path.as = n
        pending++
      }
      pending = Math.min(pending, out.length)
    } else if (named && isName(c.peek())) {
      const n = name(c) as Name
      out.push({ path: n.name, as: undefined, span: n.span })
    } else if (!c.eat(',')) {
      c.fail('a path in double quotes')
      return undefined
    }
  }
  return out
}

function jsonStage(c: Cursor): Bare | undefined {
  const into: Common & { auto: boolean; maxDepth: number | undefined; arrays: boolean } = {
    field: undefined,
    nodrop: false,
    auto: false,
    maxDepth: undefined,
    arrays: false,
  }
  const option = (): boolean => {
    if (c.eatWord('auto')) into.auto = true
    else if (c.eatWord('extractarrays')) into.arrays = true
    else if (c.eatWord('keys', 'refonly')) return true
    else if (c.eatWord('maxdepth')) {
      c.eat('=')
      into.maxDepth = numberValue(c.next().text)
    } else return false
    return true
  }
  const found = paths(c, into, option, true)
  if (!found) return undefined
  const { field, nodrop, auto, maxDepth, arrays } = into
  if (auto) return { kind: 'jsonAuto', field, nodrop, maxDepth, arrays, keys: found }
  if (found.length === 0) {
    c.fail('a path in double quotes')
    return undefined
  }
  return { kind: 'json', field, nodrop, paths: found }
}

function kvStage(c: Cursor): Bare | undefined {
  const into: Common & { mode: 'auto' | 'infer' | 'regex'; delimiter: string | undefined; regex: string | undefined } =
    {
      field: undefined,
      nodrop: false,
      mode: 'infer',
      delimiter: undefined,
      regex: undefined,
    }
  const option = (): boolean => {
    if (c.eatWord('auto')) into.mode = 'auto'
    else if (c.eatWord('infer', 'keys', 'refonly')) return true
    else if (c.eatWord('delim')) {
      c.eat('=')
      into.delimiter = text(c).text
    } else if (c.isWord('regex')) {
      c.next()
      into.mode = 'regex'
      into.regex = text(c).text
    } else return false
    return true
  }
  const keys = paths(c, into, option, true)
  return keys && { kind: 'kv', ...into, keys }
}

function xmlStage(c: Cursor): Bare | undefined {
  const into: Common = { field: undefined, nodrop: false }
  const found = paths(c, into, () => false)
  return found && { kind: 'xml', ...into, paths: found }
}

function columnsStage(c: Cursor, op: 'csv' | 'split'): Bare | undefined {
  const options = { delimiter: op === 'csv' ? ',' : '', escape: '\\', quote: '"' }
  if (c.isWord('field') && c.isPunct('=', 1)) c.at += 2
  const field = name(c)
  if (!field) return undefined
  const keys: Record<string, keyof typeof options> = { delim: 'delimiter', escape: 'escape', quote: 'quote' }
  for (let w = c.eatWord(...Object.keys(keys)); w; w = c.eatWord(...Object.keys(keys))) {
    c.expect('=')
    const t = c.next()
    const key = keys[w.text.toLowerCase()] as keyof typeof options
    options[key] = t.kind === 'single' ? t.text.slice(1, -1) : t.kind === 'string' ? stringText(t) : t.text
    c.eat(',')
  }
  if (!c.expectWord('extract')) return undefined
  const columns: { index: number; as: Name }[] = []
  let position = 0
  while (!c.stageOver) {
    position++
    const t = c.peek()
    if (t.kind === 'number') {
      c.next()
      c.expectWord('as')
      position = numberValue(t.text) ?? position
    }
    const as = name(c)
    if (!as) return undefined
    if (as.name !== '_') columns.push({ index: position, as })
    if (!c.eat(',')) break
  }
  c.eatWord('nodrop')
  return { kind: 'columns', op, field, ...options, columns }
}
