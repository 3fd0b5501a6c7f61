// Arrays of objects that a function makes: `a[0].b`.
import { call, iff, lit, test } from '../../../../plan/build.ts'
import type { Expr } from '../../../../plan/plan.ts'
import type { CallContext } from '../builtin.ts'
import { assignParsed } from './parsed-fields.ts'

/** Sets an array from the JSON texts of its objects, joined with commas. An absent text leaves the array as it was. */
export function assignObjects(c: CallContext, array: string, objects: Expr): void {
  const name = array.replace(/\[\]$/, '')
  const parts = [lit(`{${JSON.stringify(name)}:[`, 'str'), objects, lit(']}', 'str')]
  const text = c.flow.keep('objects', call('str.concat', 'str', parts))
  assignParsed(c, { texts: [text], consts: { how: 'json' }, prefix: '', removed: [], wins: true })
  readElements(c, (of) => (of === name ? call('json.elements', 'list', [text], { path: [name] }) : undefined))
}

/** Elements of arrays of objects in a text that a step has taken apart, in front of those from before. */
export function readElements({ flow }: CallContext, elementsOf: (name: string) => Expr | undefined): void {
  const outer = flow.elements
  flow.elements = (name, kept) => {
    const mine = elementsOf(name)
    if (!mine) return outer(name, kept)
    const theirs = outer(name, kept)
    return theirs.kind === 'lit'
      ? mine
      : iff(test('int.gt', [call('list.length', 'int', [mine]), lit(0n, 'int')]), mine, theirs)
  }
}
