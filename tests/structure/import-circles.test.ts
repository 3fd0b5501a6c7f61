// No file imports itself through others. A circle of values loads in an order that depends on the entry; a circle of types
// hides which file is the lower one.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

/** Circles that exist only for types, with the reason. */
const TYPE_CIRCLES: readonly { readonly files: readonly string[]; readonly reason: string }[] = [
  {
    files: ['core/lang/cql/4-lower/args.ts', 'core/lang/cql/4-lower/builtin.ts', 'core/lang/cql/4-lower/flow.ts'],
    reason: 'a flow calls the lowering of functions, which gets the flow and the arguments',
  },
]

type Graph = ReadonlyMap<string, ReadonlySet<string>>

const files = ['core', 'engine', 'cli', 'web', 'tools'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .map((f) => `${room}/${f}`)
    .filter((f) => f.endsWith('.ts')),
)

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

/** Static imports and re-exports of files. `import { type A, type B }` counts as one of types. */
export function importsOf(text: string): Import[] {
  const found: Import[] = []
  for (const m of text.matchAll(/^(?:import|export)\s+(?:([^'";]*?)\s*from\s*)?'(\.[^']+)'/gm)) {
    const [, clause, target] = m
    found.push({ target: target as string, typeOnly: clause !== undefined && isTypeClause(clause) })
  }
  return found
}

function isTypeClause(clause: string): boolean {
  if (/^type\s/.test(clause)) return true
  const names = /^\{([^}]*)\}$/.exec(clause.trim())?.[1]
  if (names === undefined) return false
  return names.split(',').every((n) => n.trim() === '' || n.trim().startsWith('type '))
}

export function graph(withTypes: boolean): Graph {
  return new Map(
    files.map((file) => {
      const imports = importsOf(readFileSync(file, 'utf8')).filter((i) => withTypes || !i.typeOnly)
      return [file, new Set(imports.map((i) => normalize(join(dirname(file), i.target))))]
    }),
  )
}

/** Strongly connected components of two files or more, and files that import themselves (Tarjan). */
export function circles(edges: Graph): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (node: string): void => {
    index.set(node, index.size)
    low.set(node, index.get(node) as number)
    stack.push(node)
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next)
        low.set(node, Math.min(low.get(node) as number, low.get(next) as number))
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node) as number, index.get(next) as number))
    }
    if (low.get(node) !== index.get(node)) return
    const component = stack.splice(stack.indexOf(node)).sort()
    if (component.length > 1 || edges.get(node)?.has(node)) found.push(component)
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node)
  return found.sort()
}

test('the finder of circles finds them', () => {
  const edges: Graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['b', 'd'])],
    ['d', new Set()],
    ['e', new Set(['e'])],
  ])
  assert.deepEqual(circles(edges), [['b', 'c'], ['e']])
  assert.deepEqual(
    importsOf(
      "import a, { type B } from './a.ts'\nimport type { C } from './c.ts'\nimport {\n  type D,\n} from './d.ts'\nimport './e.ts'\nexport * from './f.ts'\nimport { x } from 'x'\n",
    ),
    [
      { target: './a.ts', typeOnly: false },
      { target: './c.ts', typeOnly: true },
      { target: './d.ts', typeOnly: true },
      { target: './e.ts', typeOnly: false },
      { target: './f.ts', typeOnly: false },
    ],
  )
})

test('every import of the rooms is seen and leads to a file', () => {
  const missing = [...graph(true)].flatMap(([file, targets]) =>
    [...targets].filter((t) => t.endsWith('.ts') && !existsSync(t)).map((t) => `${file}: ${t}`),
  )
  assert.deepEqual(missing, [])
  assert.ok(files.length > 400)
})

test('no circle of value imports', () => {
  assert.deepEqual(circles(graph(false)), [], 'a new circle: move what both files need into a third')
})

test('a circle of type imports has a reason', () => {
  const found = circles(graph(true))
  const unexplained = found.filter((c) => !TYPE_CIRCLES.some(({ files: known }) => c.every((f) => known.includes(f))))
  assert.deepEqual(unexplained, [], 'a new circle of types: move the types that both files need into a third')
  const gone = TYPE_CIRCLES.filter(({ files: known }) => !found.some((c) => c.some((f) => known.includes(f))))
  assert.deepEqual(gone, [], 'cut: take it off the list')
})
