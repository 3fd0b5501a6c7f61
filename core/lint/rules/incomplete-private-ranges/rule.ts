import { inText } from '../../../diag/diagnostic.ts'
import { byName } from '../../../text/by-name.ts'
import type { Span } from '../../../text/source.ts'
import { filtersOf, parts, testsOf } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

/** RFC 1918. */
const PRIVATE = [
  { net: '10.0.0.0/8', written: /^\^?\(?(?:\?:)?10(?:\\?\.|$)/ },
  { net: '172.16.0.0/12', written: /^\^?\(?(?:\?:)?172\\?\.(?:16|\(|\[|1|2|3|\*|$)/ },
  { net: '192.168.0.0/16', written: /^\^?\(?(?:\?:)?192\\?\.168/ },
] as const
/** Ranges of hosts inside that the three do not cover: behind a carrier (RFC 6598), and in IPv6 (RFC 4193). */
const OTHERS = [
  { net: '100.64.0.0/10', written: /^100\.(?:64|\(|\[|6)|^100\\\.(?:6|\(|\[)/, isIPv6: false },
  { net: 'fc00::/7', written: /^(?:fc|fd|f\[cd\])/i, isIPv6: true },
] as const
const WRITTEN: Readonly<Record<string, RegExp>> = byName({
  '10.0.0.0/8': /\b10\\?\./,
  '172.16.0.0/12': /\b172\b/,
  '192.168.0.0/16': /\b192\b/,
})
/** A field whose name says that it holds addresses of IPv4 only. */
const ONLY_IPV4 = /ip_?v?4/i

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
    const found = new Map<string, { has: Set<string>; others: Set<string>; at: Span }>()
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
            const others = OTHERS.filter((o) =>
              v.text.split('|').some((x) => o.written.test(x.replace(/^[(^?:]+/, ''))),
            )
            if (ranges.length + also.length + others.length === 0) continue
            const known = found.get(test.field) ?? { has: new Set(), others: new Set(), at: test.at }
            for (const o of others) known.others.add(o.net)
            for (const r of [...ranges, ...also]) known.has.add(r)
            found.set(test.field, known)
          }
        }
    return [...found].flatMap(([field, { has, others, at }]) => {
      // One range alone may be the network that is meant.
      if (has.size < 2) return []
      const missing: string[] = PRIVATE.map((p) => p.net).filter((n) => !has.has(n))
      // Another step may compare the octets, or an address with all its characters.
      if (missing.some((n) => WRITTEN[n]?.test(source.text) === true)) return []
      if (missing.length > 0) return [{ at: inText(source, at), params: { field, missing, has: [...has] } }]
      const more: string[] = OTHERS.filter((o) => !others.has(o.net) && !(o.isIPv6 && ONLY_IPV4.test(field))).map(
        (o) => o.net,
      )
      if (more.length === 0) return []
      // Not every network has such hosts.
      return [{ at: inText(source, at), params: { field, missing: more, has: [...has] }, severity: 'info' as const }]
    })
  },
})
