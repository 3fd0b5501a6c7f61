import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from '../../core/lang/sumo/parse.ts'
import { applyEdits } from '../../core/lang/sumo/2-parse/cursor.ts'
import { lower } from '../../core/lang/sumo/lower.ts'
import { all } from '../../core/lang/sumo/near-misses/_index.ts'
import type { NearMiss } from '../../core/lang/shared/builtin.ts'

const read = (text: string) => parse({ name: 't', text })

const fixed = (text: string): string =>
  applyEdits(
    text,
    read(text).nearMisses.flatMap((n) => n.diagnostic.fixes[0]?.edits ?? []),
  )

/** The plan without its places in the text, and with the names that hoisting makes. */
function meaning(text: string): string {
  const p = read(text)
  return JSON.stringify(lower(p.query, p.source).plan, (k, v: unknown) =>
    k === 'at' ? undefined : typeof v === 'bigint' ? `${v}n` : v,
  )
}

const records = (all as readonly NearMiss[]).map((r) => ({ ...r, text: r.bad.startsWith('|') ? `* ${r.bad}` : r.bad }))

for (const r of records) {
  test(`${r.id} ${r.title}`, () => {
    const parsed = read(r.text)
    assert.ok(
      parsed.nearMisses.some((n) => n.id === r.id),
      'recognised',
    )
    assert.deepEqual(
      parsed.diagnostics.filter((d) => d.severity === 'error'),
      [],
    )
    const text = fixed(r.text)
    const again = read(text)
    assert.deepEqual([again.nearMisses.map((n) => n.id), again.diagnostics.map((d) => d.message)], [[], []], text)
    assert.equal(meaning(text), meaning(r.text), text)
  })
  test(`${r.id}: the valid text is valid`, () => {
    const good = read(r.good.startsWith('|') ? `* ${r.good}` : r.good)
    assert.deepEqual([good.nearMisses.map((n) => n.id), good.diagnostics.map((d) => d.message)], [[], []])
  })
}

const more = [
  ['* | stats count by a | where count > 3', '* | count as count by a | where count > 3'],
  ['* | stats count, sum(x) as s by a | sort - count', '* | count as count, sum(x) as s by a | sort - count'],
  ['* | stats count by a | where _count > 3', '* | count by a | where _count > 3'],
  ['* | stats count by a | stats count', '* | count by a | count'],
  ['* | spath', '* | json auto'],
  ['* | spath input=msg user.name', '* | json field=msg "user.name" nodrop'],
  ['* | timechart count', '* | timeslice 1h | count by _timeslice'],
  ['* | timechart span=5m sum(x) as s, count as n by h', '* | timeslice 5m | sum(x) as s, count as n by _timeslice, h'],
  ['* | bin _time span=5m as t', '* | timeslice 5m as t'],
  ['* | extend a = 1 | project a | take 5', '* | 1 as a | fields a | limit 5'],
  ['* | eval a = 1, b = a + 1 | fields a, b', '* | 1 as a | a + 1 as b | fields a, b'],
  ['* | stats count as n, sum(x) as s by y', '* | count as n, sum(x) as s by y'],
  ['* | stats sum(x * 2) as s by lower(y)', '* | x * 2 as _arg1 | toLowerCase(y) as _key2 | sum(_arg1) as s by _key2'],
  ['* | sum(coalesce(a, lower(b))) as s', '* | if(isNull(a), toLowerCase(b), a) as _arg1 | sum(_arg1) as s'],
  ['* | rename a as b, c as d', '* | a as b | c as d'],
  ['* | table a b c', '* | fields a, b, c'],
  ['* | where not a = 1 and b = 2', '* | where !(a = 1) and b = 2'],
  ['* | search "foo"', '* | where _raw matches "*foo*"'],
  ['a != "b c" d', '!a="b c" d'],
]
for (const [bad, good] of more) {
  test(`${bad} → ${good}`, () => {
    assert.equal(fixed(bad as string), good)
    assert.equal(meaning(good as string), meaning(bad as string))
  })
}

for (const width of ['9223372036854775808', '10', '1mon', '1h30m', 'auto', '"1h"', '-1h']) {
  for (const stage of [`timechart span=${width} count by user`, `bin _time span=${width}`]) {
    test(`${stage}: a width that timeslice refuses is refused and not moved to a fix`, () => {
      const { nearMisses, diagnostics } = read(`* | ${stage}`)
      assert.deepEqual(
        nearMisses.map((n) => n.diagnostic.fixes),
        [[]],
      )
      assert.match(diagnostics[0]?.message ?? '', /^expected a time such as `5m`/)
    })
  }
}
