// Grammar shared by the operators that read fields out of a text: `field=f`, `nodrop`, names after `as`, lists of paths.
import { sumoLostAs } from '../../../diag/catalogue/sumo.ts'
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { diagnostic, inText } from '../../../diag/diagnostic.ts'
import type { Span } from '../../../text/source.ts'
import type { Name } from './ast.ts'
import { type Cursor, from, isName, name } from './cursor.ts'
import { patternOf, stringOf } from './tokens.ts'

export interface ExtractOptions {
  field: Name | undefined
  nodrop: boolean
}

/** Takes `field=f` or `nodrop`, which may be before or after everything else. */
export function extractOption(c: Cursor, into: ExtractOptions): boolean {
  if (c.eatWord('nodrop')) {
    into.nodrop = true
    return true
  }
  if (c.isWord('field') && (c.isPunct('=', 1) || c.isPunct('==', 1))) {
    c.next()
    c.expect('=')
    into.field = name(c)
    return true
  }
  return false
}

const OPTION = /^(nodrop|multi|field|auto|keys|maxdepth|extractarrays|refonly)$/i

/** Names after `as`, up to a string, an option or the end. */
export function aliases(c: Cursor): Name[] {
  const out: Name[] = []
  const inParens = c.eat('(')
  // `as nodrop`: the name is missing.
  if (c.isWord('nodrop')) c.fail('a name after `as`')
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

/** A pattern or path: a string, or a template variable as it is written. */
export const isPattern = (c: Cursor): boolean => ['string', 'single', 'hole'].includes(c.peek().kind)
export const pattern = (c: Cursor): Pattern => take(c, stringOf)
export const regexPattern = (c: Cursor): Pattern => take(c, patternOf)

interface Pattern {
  readonly text: string
  readonly span: Span
}
function take(c: Cursor, textOf: typeof stringOf): Pattern {
  const t = c.next()
  return { text: t.kind === 'string' || t.kind === 'single' ? textOf(c, t) : t.text, span: t.span }
}

export interface Path {
  readonly path: string
  as: Name | undefined
  readonly span: Span
}

/** `"a", "b" as x, y, "c" as z`: names go to the paths that have none yet, in order. */
export function paths(
  c: Cursor,
  into: ExtractOptions,
  option: (c: Cursor) => boolean,
  named = false,
): Path[] | undefined {
  const out: Path[] = []
  let pending = 0
  let isQuoted = false
  while (!c.stageOver) {
    if (extractOption(c, into) || option(c)) continue
    if (isPattern(c)) {
      const t = pattern(c)
      isQuoted = true
      out.push({ path: t.text, as: undefined, span: t.span })
    } else if (c.isWord('as')) {
      const at = c.next().span
      const given = aliases(c)
      const open = out.length - pending
      if (given.length !== open) {
        const what = `${open} path${open === 1 ? '' : 's'} before \`as\`, ${given.length} name${given.length === 1 ? '' : 's'} after it`
        const remedy = 'write a name for each path, separated by commas'
        c.add(diagnostic(sumoRuledOut, inText(c.source, from(at, c)), { what, remedy }))
      }
      for (const n of given) {
        const path = out[pending]
        if (path) path.as = n
        pending++
      }
      pending = Math.min(pending, out.length)
    } else if (named && isName(c.peek())) {
      const n = name(c) as Name
      if (isQuoted) c.add(diagnostic(sumoLostAs, inText(c.source, n.span), { name: n.name }))
      isQuoted = false
      out.push({ path: n.name, as: undefined, span: n.span })
    } else if (!c.eat(',') || c.isPunct(',')) {
      c.fail('a path in double quotes')
      return undefined
    }
  }
  return out
}
