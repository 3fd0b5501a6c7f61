import { inText } from '../../../diag/diagnostic.ts'
import type { Span } from '../../../text/source.ts'
import { filtersOf, parts, testsOf } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

/** RFC 1918. */
const PRIVATE = [
  { net: '10.0.0.0/8', written: /^\^?\(?(?:\?:)?10(?:\\?\.|$)/ },
  { net: '172.16.0.0/12', written: /^\^?\(?(?:\?:)?172\\?\.(?:16|\(|\[|1|2|3|\*|$)/ },
  { net: '192.168.0.0/16', written: /^\^?\(?(?:\?:)?192\\?\.168/ },
] as const

export const incompletePrivateRanges = textRule<{
  readonly field: string
  readonly missing: readonly string[]
  readonly has: readonly string[]
}>({
  id: 'LNT408',
  slug: 'incomplete-private-ranges',
  severity: 'warning',
  title: 'Private ranges, but not all of them',
  message: (p) => `\`${p.field}\` is compared with ${p.has.join(' and ')}, and not with ${p.missing.join(' and ')}`,
  why: 'RFC 1918 has three private ranges: 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16. Hosts inside also have 100.64.0.0/10 (RFC 6598) behind a carrier, and fc00::/7 in IPv6.',
  remedy: (p) => `add ${p.missing.join(' and ')}`,
  checkText({ outline, source }) {
    const found = new Map<string, { has: Set<string>; at: Span }>()
    for (const where of filtersOf(outline))
      for (const part of parts(where, 'and'))
        for (const { test } of testsOf(part)) {
          if (test.op !== 'subnet' && test.op !== 'regex' && test.op !== 'starts' && !test.hasWildcards) continue
          for (const v of test.values) {
            const ranges = PRIVATE.filter(
              (p) =>
                v.text === p.net ||
                (test.op !== 'subnet' && p.written.test(v.text) && (test.op !== 'in' || v.text.includes('*'))),
            ).map((p) => p.net)
            // An alternation of a regular expression has more than one.
            const also =
              test.op === 'regex'
                ? PRIVATE.filter((p) => v.text.split('|').some((x) => p.written.test(x.replace(/^[(^?:]+/, '')))).map(
                    (p) => p.net,
                  )
                : []
            if (ranges.length + also.length === 0) continue
            const known = found.get(test.field) ?? { has: new Set(), at: test.at }
            for (const r of [...ranges, ...also]) known.has.add(r)
            found.set(test.field, known)
          }
        }
    return [...found].flatMap(([field, { has, at }]) => {
      // One range alone may be the network that is meant.
      if (has.size !== 2) return []
      const missing = PRIVATE.map((p) => p.net).filter((n) => !has.has(n))
      return [{ at: inText(source, at), params: { field, missing, has: [...has] } }]
    })
  },
})
