// Fields `a[0]`, `a[1]`, … up to the first gap, as one array.
import type { CallContext } from '../builtin.ts'
import type { Expr, Const } from '../../../../plan/plan.ts'
import { first, param } from '../params.ts'
import { call, iff, lit, test } from '../../../../plan/build.ts'
import { overElement } from '../array-lambda.ts'
import { wrongKind } from '../../../../diag/catalogue/cql-lower.ts'

export const ARRAY = first('array', 'field', 'The array, with brackets: `"a[]"`.', { required: true })

export const VAR = param('var', 'field', 'Name of the element inside the function; the name of the array.')

export const AS_ARRAY = param('asArray', 'field', 'Name of the output array; the same.')

export const FUNCTION = param('function', 'pipeline', 'What is done with every element, in braces.', { required: true })

export const withBrackets = (name: string): string => (name.includes('[]') ? name : `${name}[]`)

const withoutBrackets = (name: string): string => name.replace(/\[\]$/, '')

export const elementsOf = (c: CallContext): Expr => {
  const value = c.flow.read(withBrackets(c.args.field('array')))
  return value.ty === 'list' ? value : lit([], 'list')
}

export const outputArray = (c: CallContext): string =>
  withBrackets(c.args.has('asArray') ? c.args.field('asArray') : c.args.field('array'))

export function lambdaOf(
  c: CallContext,
  fn: string,
  name: 'condition' | 'function',
  objects?: true,
): ReturnType<typeof overElement> {
  const { flow, args } = c
  const pipeline = args.pipeline(name)
  if (!pipeline) {
    flow.lowering.report(wrongKind, args.span(name), { fn, name, takes: 'a sub-pipeline in braces' })
    return undefined
  }
  const array = args.field('array')
  const names = args.has('var') ? [args.field('var')] : [withoutBrackets(array), withBrackets(array)]
  return overElement(flow, [...new Set(names)], pipeline, {
    fn,
    at: args.span(name),
    output: withoutBrackets(outputArray(c)),
    ...(objects ? { objects } : {}),
  })
}

export const elementsWhere = (of: Expr, pred: unknown, outer: readonly Expr[] = []): Expr =>
  call('list.where', 'list', [of, ...outer], { pred: pred as Const })

/** The elements of an array, as texts, or as the JSON texts of objects. `kept`: the event keeps the array. */
export function objectsOf({ flow }: CallContext, array: string, kept: boolean): Expr {
  const name = withBrackets(array)
  const list = flow.read(name)
  const objects = flow.elements(withoutBrackets(name), kept || undefined)
  const texts = list.ty === 'list' ? list : lit([], 'list')
  return iff(test('int.gt', [call('list.length', 'int', [texts]), lit(0n, 'int')]), texts, objects)
}
