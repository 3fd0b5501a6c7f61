// Fields that functions parse out of texts. They are read by name when a later step asks for one.
import { call, iff, lit, test } from '../../../../plan/build.ts'
import { type Expr, isHidden } from '../../../../plan/plan.ts'
import type { CallContext } from '../builtin.ts'
import type { OpenText } from '../lower-types.ts'
import { isNull, orElse } from '../values.ts'

/**
 * Fields that texts hold, read by name when a later step asks for one. Of several texts the first that has the field counts.
 * `wins`: they replace fields that exist.
 */
export function assignParsed(c: CallContext, open: Omit<OpenText, 'text'> & { readonly texts: readonly Expr[] }): void {
  const { flow } = c
  const { texts, consts, prefix, removed, wins } = open
  const outer = flow.unknown
  const read = (name: string): Expr | undefined => {
    if (/^[@#$]/.test(name) || !name.startsWith(prefix)) return undefined
    const list = name.includes('[]')
    const at = (own: string): Expr =>
      texts
        .map(
          (text): Expr =>
            list
              ? call('parsed.elements', 'list', [text], { ...consts, name: own })
              : call('parsed.field', 'str', [text], { ...consts, name: own }),
        )
        .reduce((first, second) => (list ? filledOr(first, second) : orElse(first, second)))
    const inner = name.slice(prefix.length)
    return list ? at(inner) : removed.reduceRight<Expr>((rest, r) => orElse(at(`${r}${inner}`), rest), at(inner))
  }
  const named = [...flow.names].filter(([name, old]) => !/^[@#$]/.test(name) && !isHidden(name) && old.ty !== 'list')
  const items = named.flatMap(([name, old]) => {
    const mine = read(name)
    return mine ? [{ name, expr: wins ? orElse(mine, old) : orElse(old, mine) }] : []
  })
  if (items.length > 0) flow.assignAll(wins ? items : items.filter((i) => isNull(flow.read(i.name))))
  flow.unknown = (name) => {
    const mine = read(name)
    if (!mine) return outer(name)
    const theirs = flow.lowering.asFallback(name, () => outer(name))
    if (isNull(theirs)) return mine
    if (mine.ty === 'list') return theirs.ty === 'list' ? filledOr(mine, theirs) : mine
    return wins ? orElse(mine, theirs) : orElse(theirs, mine)
  }
  flow.opened = [...flow.opened, ...texts.map((text) => ({ text, consts, prefix, removed, wins }))]
}
/** Of two arrays the first that has elements. */
export const filledOr = (a: Expr, b: Expr): Expr =>
  iff(test('int.gt', [call('list.length', 'int', [a]), lit(0n, 'int')]), a, b)
