// Rows that become columns.
import { noSql } from '../kit.ts'
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
      if (before === undefined || value < before) state.set(name, value)
      return state
    },
    done: (state: Map<string, string>) =>
      `{${[...state]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
        .join(',')}}`,
  }),
  sql: noSql,
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
    { rows: [], gives: '{}' },
  ],
})
