// Groups of rows that shared values link to each other.
import { compareText } from '../../text/compare.ts'
import { both, textConst } from '../kit.ts'
import { aggPrim, type Prim, tail } from '../prim.ts'

/** The first member of the group that a member belongs to. */
function rootOf(parents: Map<string, string>, member: string): string {
  let at = member
  for (let up = parents.get(at); up !== undefined && up !== at; up = parents.get(at)) at = up
  // Path compression: later look-ups are short.
  for (let m = member; m !== at; ) {
    const up = parents.get(m) ?? at
    parents.set(m, at)
    m = up
  }
  return at
}

type Groups = { readonly parents: Map<string, string>; readonly first: Map<string, bigint> }

const groups = aggPrim({
  id: 'agg.groups',
  doc:
    'Members that occur together in a row are in one group, and so are those that are linked over other rows. One text for each member: the least ' +
    'position of a row of its group, a blank, the member; in the order of members.',
  params: [
    ['members', 'list'],
    ['position', 'int'],
  ],
  consts: {},
  returns: 'list',
  nulls: 'propagate',
  js: () => ({
    init: (): Groups => ({ parents: new Map(), first: new Map() }),
    add: (all: Groups, members: readonly string[], position: bigint) => {
      const roots = members.map((m) => {
        if (!all.parents.has(m)) all.parents.set(m, m)
        return rootOf(all.parents, m)
      })
      const [root, ...others] = roots
      if (root === undefined) return all
      const positions = [position, ...roots.flatMap((r) => all.first.get(r) ?? [])]
      for (const r of others) all.parents.set(r, root)
      all.first.set(
        root,
        positions.reduce((a, b) => (b < a ? b : a)),
      )
      return all
    },
    done: ({ parents, first }: Groups) =>
      [...parents.keys()].sort(compareText).map((m) => `${first.get(rootOf(parents, m)) ?? ''} ${m}`),
  }),
  sql: both(tail('groups are linked over any number of rows')),
  laws: [
    {
      rows: [
        [['a'], 3n],
        [['a', 'b'], 1n],
        [['c'], 2n],
        [['b', 'd'], 4n],
        [[], 5n],
        [null, 6n],
      ],
      gives: ['1 a', '1 b', '2 c', '1 d'],
    },
    { rows: [], gives: [] },
  ],
})

type Seen = { readonly members: readonly string[]; readonly position: bigint }

/** Positions of the rows that a value reaches: rows with it, rows with a value of those, and so on. */
function reach(rows: readonly Seen[], seed: string): readonly bigint[] {
  const rowsWith = new Map<string, Seen[]>()
  for (const row of rows)
    for (const m of row.members) {
      const list = rowsWith.get(m)
      if (list) list.push(row)
      else rowsWith.set(m, [row])
    }
  const found = new Set<Seen>()
  const values = new Set([seed])
  // A set gives what is added to it while it is read.
  for (const value of values)
    for (const row of rowsWith.get(value) ?? []) {
      if (found.has(row)) continue
      found.add(row)
      for (const m of row.members) values.add(m)
    }
  return [...found].map((r) => r.position)
}

/** The same in one walk: a row counts if an earlier row of the walk had one of its values. */
function walk(rows: readonly Seen[], seed: string): readonly bigint[] {
  const values = new Set([seed])
  return rows.flatMap(({ members, position }) => {
    if (!members.some((m) => values.has(m))) return []
    for (const m of members) values.add(m)
    return [position]
  })
}

const reached = aggPrim({
  id: 'agg.reached',
  doc: 'The positions, as texts, of the rows that hold a value or are linked to it by values of other rows; in order.',
  params: [
    ['members', 'list'],
    ['position', 'int'],
  ],
  consts: {
    seed: 'The value.',
    direction: '`up`: only rows behind the one that names the link; `down`: only before; `any` (default).',
  },
  returns: 'list',
  nulls: 'propagate',
  js: (c) => {
    const seed = textConst(c, 'seed')
    const direction = textConst(c, 'direction', 'any')
    return {
      init: (): Seen[] => [],
      add: (rows: Seen[], members: readonly string[], position: bigint) => {
        rows.push({ members, position })
        return rows
      },
      done: (rows: Seen[]) => {
        const ordered = [...rows].sort((a, b) => (a.position < b.position ? -1 : 1))
        if (direction === 'down') ordered.reverse()
        const found = direction === 'any' ? reach(rows, seed) : walk(ordered, seed)
        return [...found].sort((a, b) => (a < b ? -1 : 1)).map(String)
      },
    }
  },
  sql: both(tail('rows are linked over any number of rows')),
  laws: [
    {
      rows: [
        [['a'], 4n],
        [['a', 'b'], 3n],
        [['b', 'c'], 2n],
        [['d'], 1n],
        [[], 5n],
        [null, 6n],
      ],
      consts: { seed: 'c' },
      gives: ['2', '3', '4'],
    },
    {
      rows: [
        [['b'], 1n],
        [['a', 'b'], 2n],
        [['b', 'c'], 3n],
        [['c'], 4n],
      ],
      consts: { seed: 'a', direction: 'up' },
      gives: ['2', '3', '4'],
    },
    {
      rows: [
        [['b'], 1n],
        [['a', 'b'], 2n],
        [['b', 'c'], 3n],
      ],
      consts: { seed: 'a', direction: 'down' },
      gives: ['1', '2'],
    },
    { rows: [], consts: { seed: 'a' }, gives: [] },
  ],
})

export const linked: readonly Prim[] = [groups, reached]
