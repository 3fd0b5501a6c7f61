// Rows that become columns.
import { compareText } from '../../text/compare.ts'
import { pivotOf } from '../forms/lists.ts'
import { argument } from '../kit.ts'
import { aggPrim } from '../prim.ts'

export const pivot = aggPrim({
  id: 'agg.pivot',
  doc: 'JSON object text: each name with its value; of several values of a name the least by code point.',
  params: [
    ['name', 'str'],
    ['value', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => ({
    init: (): Map<string, string> => new Map(),
    add: (state: Map<string, string>, name: string, value: string) => {
      const before = state.get(name)
      if (before === undefined || compareText(value, before) < 0) state.set(name, value)
      return state
    },
    done: (state: Map<string, string>) =>
      `{${[...state]
        .sort(([a], [b]) => compareText(a, b))
        .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
        .join(',')}}`,
  }),
  sql: {
    duckdb: (sql, args) => pivotOf(sql, 'duckdb', argument(args, 0), argument(args, 1)),
    clickhouse: (sql, args) => pivotOf(sql, 'clickhouse', argument(args, 0), argument(args, 1)),
  },
  laws: [
    {
      rows: [
        ['b', '1'],
        ['a', '2'],
        ['b', '0'],
        [null, '3'],
      ],
      gives: '{"a":"2","b":"0"}',
    },
    {
      rows: [
        ['\uffff', '"\\\n\u0001/\u2028\u007f'],
        ['\u{1F600}', '\u{1F600}'],
        ['\u{1F600}', '\uffff'],
      ],
      gives: '{"\uffff":"\\"\\\\\\n\\u0001/\u2028\u007f","\u{1F600}":"\uffff"}',
    },
    { rows: [], gives: '{}' },
  ],
})
