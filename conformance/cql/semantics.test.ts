// Every answer to an open question changes the rows of some query.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { semantics } from '../../core/lang/cql/semantics.ts'
import { present } from '../../core/workbench/present.ts'
import { type Given, rowsOf, run } from './run.ts'

type Rows = readonly Readonly<Record<string, unknown>>[]
interface Case {
  readonly given: readonly Given[]
  readonly query: string
  /** Rows by choice. */
  readonly gives: Readonly<Record<string, Rows>>
  readonly lookups?: Readonly<Record<string, readonly Given[]>>
}

const twice: readonly Given[] = [
  { t: 'l', k: '1' },
  { t: 'r', k: '1', v: 'old', '@timestamp': 1 },
  { t: 'r', k: '1', v: 'new', '@timestamp': 2 },
]
const many = Array.from({ length: 201 }, (_, i) => ({ t: 'r', k: String(i), '@timestamp': 1000 - i }))

const cases: Readonly<Record<string, Case>> = {
  'group-key-missing': {
    given: [{ k: 'a' }, { j: '1' }],
    query: 'groupBy(k)',
    gives: { drop: [{ k: 'a', _count: 1 }], keep: [{ k: 'a', _count: 1 }, { _count: 1 }] },
  },
  'numeric-equality': {
    given: [{ f: '1' }, { f: '1.0' }],
    query: 'f=1 | count()',
    gives: { number: [{ _count: 2 }], text: [{ _count: 1 }] },
  },
  'in-equality': {
    given: [{ f: '1' }, { f: '1.0' }],
    query: 'in(f, values=[1]) | count()',
    gives: { number: [{ _count: 2 }], text: [{ _count: 1 }] },
  },
  'sort-missing': {
    given: [{ f: '1' }, { f: 'x' }],
    query: 'sort(f) | select(f)',
    gives: { last: [{ f: '1' }, { f: 'x' }], first: [{ f: 'x' }, { f: '1' }] },
  },
  'format-missing': {
    given: [{ f: '1' }],
    query: 'format("%s-%s", field=[f, no], as=r) | select(r)',
    gives: { empty: [{ r: '1-' }], null: [{ r: '1-null' }] },
  },
  'stddev-flavour': {
    given: [{ x: '1' }, { x: '3' }],
    query: 'stdDev(x) | r := _stddev * _stddev | round(r) | select(r)',
    gives: { sample: [{ r: 2 }], population: [{ r: 1 }] },
  },
  'join-collision': {
    given: [
      { t: 'l', k: '1', v: 'mine' },
      { t: 'r', k: '1', v: 'theirs' },
    ],
    query: 't=l | join({t=r}, field=k, include=[v]) | select(v)',
    gives: { right: [{ v: 'theirs' }], left: [{ v: 'mine' }] },
  },
  'join-which': {
    given: twice,
    query: 't=l | join({t=r}, field=k, include=[v]) | select(v)',
    gives: { newest: [{ v: 'new' }], oldest: [{ v: 'old' }] },
  },
  'subquery-tail': {
    given: [{ t: 'l', k: '200' }, ...many],
    query: 't=l | join({t=r}, field=k) | count()',
    gives: { no: [{ _count: 1 }], yes: [{ _count: 0 }] },
  },
  'percentile-method': {
    given: [{ x: '1' }, { x: '2' }],
    query: 'percentile(x, percentiles=[50], as=p)',
    gives: { nearest: [{ p_50: 1 }], interpolated: [{ p_50: 1.5 }] },
  },
  'if-null': {
    given: [{ a: 'x' }],
    query: 'r := if(a < 5, then="less", else="more") | default(value="-", field=r) | select(r)',
    gives: { else: [{ r: 'more' }], none: [{ r: '-' }] },
  },
  'table-missing': {
    given: [{ a: '1' }],
    query: 'table([a, b]) | n := length(b) | default(value="-", field=n) | select(n)',
    gives: { absent: [{ n: '-' }], empty: [{ n: '0' }] },
  },
  'table-order': {
    given: [
      { n: '1', '@timestamp': 2 },
      { n: '2', '@timestamp': 1 },
    ],
    query: 'sort(n) | table([n])',
    gives: { kept: [{ n: '2' }, { n: '1' }], time: [{ n: '1' }, { n: '2' }] },
  },
  'round-half': {
    given: [{ x: '-2.5' }],
    query: 'round(x) | select(x)',
    gives: { up: [{ x: '-2' }], away: [{ x: '-3' }] },
  },
  'select-last-time': {
    given: [
      { v: 'a', '@timestamp': 5 },
      { v: 'b', '@timestamp': 5 },
    ],
    query: 'selectLast(v)',
    gives: { later: [{ v: 'b' }], earlier: [{ v: 'a' }] },
  },
  'top-ties': {
    given: [{ v: 'b' }, { v: 'a' }],
    query: 'top(v)',
    gives: {
      text: [
        { v: 'a', _count: 1 },
        { v: 'b', _count: 1 },
      ],
      first: [
        { v: 'b', _count: 1 },
        { v: 'a', _count: 1 },
      ],
    },
  },
  'series-rank': {
    given: [
      { s: 'even', n: '6', '@timestamp': 0 },
      { s: 'even', n: '6', '@timestamp': 1000 },
      { s: 'peak', n: '9', '@timestamp': 0 },
    ],
    query: 'timeChart(s, span=1s, limit=1, function=max(n, as=m)) | groupBy(s, function=[])',
    gives: { sum: [{ s: 'even' }], max: [{ s: 'peak' }] },
  },
  'cidr-tie': {
    given: [{ ip: '10.0.0.1' }],
    query: 'match(file="nets", field=ip, column=net, include=site, mode=cidr) | select(site)',
    gives: { last: [{ site: 'two' }], first: [{ site: 'one' }] },
    lookups: {
      nets: [
        { net: '10.0.0.0/8', site: 'one' },
        { net: '10.0.0.0/8', site: 'two' },
      ],
    },
  },
  'split-missing': {
    given: [{ h: 'x' }, { h: 'y', 'a[0]': '1' }],
    query: 'split(a) | groupBy(h, function=[])',
    gives: { keep: [{ h: 'x' }, { h: 'y' }], drop: [{ h: 'y' }] },
  },
}

for (const { id, choices, default: usual } of semantics) {
  const c = cases[id]
  test(`${id}: each choice has its own result`, () => {
    assert.ok(c, 'a semantic without a case')
    assert.deepEqual(Object.keys(c.gives).sort(), Object.keys(choices).sort())
    const shown = new Set<string>()
    for (const choice of Object.keys(choices)) {
      const known = { semantics: { [id]: choice } }
      const { lowered, result } = run(c.query, c.given, known, c.lookups)
      const rows = rowsOf(present(result.columns, result.rows, lowered.presentation))
      assert.deepEqual(rows, c.gives[choice], choice)
      assert.ok(lowered.assumptions.includes(id), 'a result that rests on it must say so')
      shown.add(JSON.stringify(rows))
    }
    assert.equal(shown.size, Object.keys(choices).length)
    const { lowered, result } = run(c.query, c.given, {}, c.lookups)
    assert.deepEqual(rowsOf(present(result.columns, result.rows, lowered.presentation)), c.gives[usual], 'the default')
  })
}
