// A histogram of numbers.
import { absent, and, call, iff, lit, present, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { number, options } from '../2-parse/tokens.ts'
import { finiteNum } from '../3-lower/doubles.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

const num = (prim: string, ...args: readonly Expr[]): Expr => call(`num.${prim}`, 'num', args)

interface Bin {
  readonly field: Name
  readonly width: number
  readonly min: number | undefined
  readonly max: number | undefined
}

function parseBin(c: Cursor): Bin | undefined {
  const field = name(c)
  if (!field) return undefined
  const found: Record<string, number | undefined> = {}
  const signed = (): number | undefined => (c.eat('-') ? -(number(c) ?? 0) : number(c))
  options(c, ['max', 'min', 'width'], (option) => {
    found[option] = signed()
  })
  const width = found['width']
  if (width === undefined) {
    c.fail('`width=`')
    return undefined
  }
  return { field, width, min: found['min'], max: found['max'] }
}

function lowerBin(f: Flow, s: Bin): void {
  const of = f.setHidden('value', finiteNum(f.lowering, f.read(s.field).expr))
  const width = lit(s.width, 'num')
  const base = lit(s.min ?? 0, 'num')
  const index = num('floor', num('div', num('sub', of, base), width))
  const lower = f.setHidden('lower', num('add', base, num('mul', index, width)))
  const upper = num('add', lower, width)
  const below = s.min === undefined ? undefined : test('num.lt', [of, lit(s.min, 'num')])
  const above = s.max === undefined ? undefined : test('num.ge', [of, lit(s.max, 'num')])
  const edges = (inside: Expr, under: Expr, over: Expr): Expr => {
    const low = below ? iff(below, under, inside) : inside
    return iff(present(of), above ? iff(above, over, low) : low, absent(inside.ty))
  }
  const none = absent('num')
  const label = call('str.concat', 'str', [toStr(lower), lit(' - ', 'str'), toStr(upper)])
  f.set([
    {
      name: '_bin_label',
      expr: iff(
        and(present(of)),
        edges(label, lit(`< ${s.min ?? ''}`, 'str'), lit(`>= ${s.max ?? ''}`, 'str')),
        absent('str'),
      ),
    },
    { name: '_bin_lower', expr: edges(lower, none, s.max === undefined ? none : lit(s.max, 'num')) },
    { name: '_bin_upper', expr: edges(upper, s.min === undefined ? none : lit(s.min, 'num'), none) },
  ])
}

const events = [{ ms: '5' }, { ms: '12' }, { ms: '19' }, { ms: '400' }, { ms: 'x' }]

export const histogram = operator<Bin>({
  name: 'bin',
  doc: 'Sorts a number into bins of one width: adds label and both ends.',
  params: [
    param('field', 'field', 'The number.'),
    param('width', 'number', 'Of a bin.'),
    param('min', 'number', 'Below it is one bin.', false),
    param('max', 'number', 'From it on is one bin.', false),
  ],
  examples: [
    search(
      'bin ms width=10, min=0, max=100 | count by _bin_label, _bin_lower, _bin_upper | sort by _bin_lower asc',
      events,
      [
        { _bin_label: '0 - 10', _bin_lower: 0, _bin_upper: 10, _count: 1 },
        { _bin_label: '10 - 20', _bin_lower: 10, _bin_upper: 20, _count: 2 },
        { _bin_label: '>= 100', _bin_lower: 100, _count: 1 },
        { _count: 1 },
      ],
    ),
  ],
  differs: 'the vendor’s spelling of labels is not published',
  parse: parseBin,
  lower: lowerBin,
})
