// Groups of rows that shared values link to each other.
import { compareText } from '../../text/compare.ts'
import { both } from '../kit.ts'
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

export const linked: readonly Prim[] = [groups]
