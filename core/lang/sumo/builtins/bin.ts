// A histogram of numbers.
import { absent, call, iff, lit, present, test, text } from '../../../plan/build.ts'
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
  const floor = num('floor', num('div', num('sub', of, base), width))
  // Values below `min` are in the first bin, those above `max` in the last one.
  const last = s.max === undefined ? undefined : lit(Math.ceil((s.max - (s.min ?? 0)) / s.width) - 1, 'num')
  const most = last ? iff(test('num.gt', [floor, last]), last, floor) : floor
  const index = s.min === undefined ? most : iff(test('num.lt', [floor, lit(0, 'num')]), lit(0, 'num'), most)
  const lower = f.setHidden('lower', num('add', base, num('mul', index, width)))
  const upper = num('add', lower, width)
  const label = call('str.concat', 'str', [text('['), toStr(lower), text(', '), toStr(upper), text(')')])
  const known = (e: Expr): Expr => iff(present(of), e, absent(e.ty))
  f.set([
    { name: '_bin_label', expr: known(label) },
    { name: '_bin_lower', expr: known(lower) },
    { name: '_bin_upper', expr: known(upper) },
  ])
}

const events = [{ ms: '5' }, { ms: '12' }, { ms: '19' }, { ms: '400' }, { ms: 'x' }]

export const histogram = operator<Bin>({
  name: 'bin',
  doc: 'Sorts a number into bins of one width: adds label and both ends.',
  params: [
    param('field', 'field', 'The number.'),
    param('width', 'number', 'Of a bin.'),
    param('min', 'number', 'Values below it are in the first bin.', false),
    param('max', 'number', 'Values above it are in the last bin.', false),
  ],
  examples: [
    search(
      'bin ms width=10, min=0, max=100 | count by _bin_label, _bin_lower, _bin_upper | sort by _bin_lower asc',
      events,
      [
        { _bin_label: '[0, 10)', _bin_lower: 0, _bin_upper: 10, _count: 1 },
        { _bin_label: '[10, 20)', _bin_lower: 10, _bin_upper: 20, _count: 2 },
        { _bin_label: '[90, 100)', _bin_lower: 90, _bin_upper: 100, _count: 1 },
        { _count: 1 },
      ],
    ),
  ],
  differs: 'labels are half-open intervals; their spelling is not published',
  parse: parseBin,
  lower: lowerBin,
})
