import { inText } from '../../../diag/diagnostic.ts'
import { allTests, filtersOf, visitCondition } from '../../conditions.ts'
import type { Value } from '../../../lang/shared/outline.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly part: string
  readonly also: string
  readonly rewrite: string
}

export const addressPattern = textRule<Params>({
  id: 'LNT412',
  slug: 'address-pattern',
  severity: 'warning',
  title: 'A regular expression over addresses that matches others too',
  message: (p) => `\`${p.part}\` also matches ${p.also}`,
  why: 'In a regular expression `.` is any character, and a pattern without `^` matches in the middle of the text.',
  remedy: (p) => `write \`${p.rewrite}\``,
  checkText({ outline, source }) {
    const found: Violation<Params>[] = []
    const check = (value: Value | undefined, isAddress: boolean): void => {
      if (value?.kind !== 'regex') return
      const wrong = faultOf(value.text, isAddress)
      if (wrong) found.push({ at: inText(source, value.at), params: wrong })
    }
    for (const { test } of allTests(outline)) check(test.values[0], /ip|addr/i.test(test.field))
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        if (c.kind === 'text') check(c.value, false)
      })
    return found
  },
})

/** Octets at the start of an address, with dots as they are or escaped. */
const OCTETS = /^(\^?)\(?(?:\?:)?(10|127|172|192|169|100)((?:\\?\.\d{1,3})*)(\\?\.)/

function faultOf(pattern: string, isAddress: boolean): Params | undefined {
  const m = OCTETS.exec(pattern)
  const [, anchor = '', first = '', rest = '', dot = ''] = m ?? []
  if (!m || (!isAddress && rest === '')) return undefined
  const octets = `${first}${rest}${dot}`
  const escaped = octets.replace(/\\?\./g, '\\.')
  if (octets !== escaped) {
    const also = rest === '' && anchor !== '' ? `${first}0.1.1.1`.replace(/^(\d{3})0/, '$1') : ''
    // `192.168.` without escapes matches hardly anything else; `^10.` matches 100.
    if (also === '' || first.length > 2) return undefined
    return { part: octets, also: `${first}0 to ${first}9, as in ${first}4.1.2.3`, rewrite: `${anchor}${escaped}` }
  }
  if (anchor === '' && isAddress && !/^\(\^/.test(pattern) && first === '10' && rest === '')
    return { part: octets, also: `8.8.${octets.replaceAll('\\', '')}8`, rewrite: `^${escaped}` }
  return undefined
}
