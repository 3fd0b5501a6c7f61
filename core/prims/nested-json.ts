// Flat fields as nested JSON: `a.b[0].c` is a member of an element of a member.

interface Node {
  readonly members: Map<string, Node | string>
  readonly isArray: boolean
}
const node = (isArray: boolean): Node => ({ members: new Map(), isArray })

/** An array in JSON has an element for every index, so a name could ask for millions. */
const MOST_INDEX = 10_000
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Values that are numbers in JSON are written as numbers. A field whose place is taken is a member of its whole name. */
export function nestedJson(fields: Iterable<readonly [name: string, value: string]>): string {
  const root = node(false)
  for (const [name, value] of fields) if (!put(root, stepsOf(name), value)) root.members.set(name, value)
  return textOf(root)
}

/** `a.b[0]` → `a`, `b`, `[0]`. */
function stepsOf(name: string): readonly string[] {
  const steps = name.split('.').flatMap((part) => {
    const m = /^([^[\]]+)((?:\[\d+\])+)$/.exec(part)
    return m ? [m[1] as string, ...(m[2] as string).split(/(?=\[)/)] : [part]
  })
  return steps.some((s) => isIndex(s) && Number(s.slice(1, -1)) > MOST_INDEX) ? [name] : steps
}
const isIndex = (step: string): boolean => step.startsWith('[')

function put(root: Node, steps: readonly string[], value: string): boolean {
  let at = root
  for (const [i, step] of steps.entries()) {
    if (at.isArray !== isIndex(step)) return false
    const known = at.members.get(step)
    const isLast = i === steps.length - 1
    if (isLast ? known !== undefined : typeof known === 'string') return false
    if (isLast) at.members.set(step, value)
    else {
      const next = (known as Node | undefined) ?? node(isIndex(steps[i + 1] as string))
      at.members.set(step, next)
      at = next
    }
  }
  return true
}

function textOf(of: Node | string | undefined): string {
  if (of === undefined) return 'null'
  if (typeof of === 'string') return NUMBER.test(of) ? of : JSON.stringify(of)
  if (!of.isArray) return `{${[...of.members].map(([k, v]) => `${JSON.stringify(k)}:${textOf(v)}`).join(',')}}`
  const last = Math.max(...[...of.members.keys()].map((k) => Number(k.slice(1, -1))))
  return `[${Array.from({ length: last + 1 }, (_, i) => textOf(of.members.get(`[${i}]`))).join(',')}]`
}
