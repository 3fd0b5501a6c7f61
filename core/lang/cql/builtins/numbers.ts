// Numbers and addresses.
import { call, iff, lit, present, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../4-lower/builtin.ts'
import { FIELD, as, page, param } from '../4-lower/params.ts'
import { numberOf, toNum, toStr } from '../../shared/convert.ts'
import { choose } from '../4-lower/values.ts'

export const round = builtin({
  name: 'round',
  category: 'number',
  kind: 'transform',
  doc: 'The value as a whole number.',
  notes: ['For decimals use format("%.2f").'],
  params: [
    FIELD,
    param('how', 'text', 'Which way.', {
      default: 'round',
      oneOf: { round: 'To the nearest.', ceil: 'Up.', floor: 'Down.' },
    }),
    param('as', 'field', 'Name of the output field; without it the field itself changes.'),
  ],
  fidelity: 'exact',
  evidence: page('round'),
  examples: [
    {
      title: 'To the nearest',
      given: [{ x: '2.5' }],
      query: 'round(x) | groupBy(x, function=[])',
      gives: [{ x: '3' }],
      from: page('round'),
    },
    {
      title: 'Down',
      given: [{ x: '2.9' }],
      query: 'y := round(x, how=floor) | groupBy(y, function=[])',
      gives: [{ y: '2' }],
      from: page('round'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const x = toNum(flow.read(args.field('field')))
      const how = args.text('how', 'round')
      if (how === 'ceil' || how === 'floor') return call(`num.${how}`, 'num', [x])
      const up = call('num.floor', 'num', [call('num.add', 'num', [x, lit(0.5, 'num')])])
      if (flow.lowering.choice('round-half') === 'up') return up
      const down = call('num.ceil', 'num', [call('num.sub', 'num', [x, lit(0.5, 'num')])])
      return iff(test('num.lt', [x, lit(0, 'num')]), down, up)
    },
    asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field'), value),
  },
})

const math = (name: string, make: (x: Expr) => Expr, doc: string, given: string, gives: string): CqlBuiltin =>
  builtin({
    name: `math:${name}`,
    category: 'number',
    kind: 'transform',
    doc,
    notes: ['Reads a field, not an expression.'],
    params: [FIELD, as(`_${name}`)],
    output: `_${name}`,
    fidelity: 'exact',
    evidence: page(`math:${name}`),
    examples: [
      {
        title: 'Of a field',
        given: [{ x: given }],
        query: `math:${name}(x, as=r) | groupBy(r, function=[])`,
        gives: [{ r: gives }],
        from: page(`math:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: ({ flow, args }) => make(toNum(flow.read(args.field('field')))),
    },
  })
const prim = (name: string) => (x: Expr) => call(`num.${name}`, 'num', [x])

export const mathFunctions: readonly CqlBuiltin[] = [
  math('abs', prim('abs'), 'The value without its sign.', '-2', '2'),
  math('ceil', prim('ceil'), 'The least whole number not below the value.', '1.2', '2'),
  math('floor', prim('floor'), 'The greatest whole number not above the value.', '1.8', '1'),
  math('sqrt', prim('sqrt'), 'The square root.', '9', '3'),
  math('exp', prim('exp'), 'e to the power of the value.', '0', '1'),
  math('log', prim('log'), 'The natural logarithm.', '1', '0'),
  math('log10', prim('log10'), 'The logarithm to base 10.', '1', '0'),
  math('log2', prim('log2'), 'The logarithm to base 2.', '8', '3'),
  math('log1p', prim('log1p'), 'The natural logarithm of 1 and the value.', '0', '0'),
  math('expm1', prim('expm1'), 'e to the power of the value, less 1.', '0', '0'),
  math('sin', prim('sin'), 'The sine of radians.', '0', '0'),
  math('cos', prim('cos'), 'The cosine of radians.', '0', '1'),
  math('tan', prim('tan'), 'The tangent of radians.', '0', '0'),
  math('sinh', prim('sinh'), 'The hyperbolic sine.', '0', '0'),
  math('cosh', prim('cosh'), 'The hyperbolic cosine.', '0', '1'),
  math('tanh', prim('tanh'), 'The hyperbolic tangent.', '0', '0'),
  math('arcsin', prim('asin'), 'The angle in radians whose sine is the value.', '0', '0'),
  math('arccos', prim('acos'), 'The angle in radians whose cosine is the value.', '1', '0'),
  math('arctan', prim('atan'), 'The angle in radians whose tangent is the value.', '0', '0'),
  math('deg2rad', prim('toRadians'), 'Degrees as radians.', '0', '0'),
  math('rad2deg', prim('toDegrees'), 'Radians as degrees.', '0', '0'),
]

export const mathMod = builtin({
  name: 'math:mod',
  category: 'number',
  kind: 'transform',
  doc: 'The remainder with the sign of the divisor.',
  notes: [],
  params: [FIELD, param('divisor', 'number', 'The divisor.', { required: true }), as('_mod')],
  output: '_mod',
  fidelity: 'exact',
  evidence: page('math:mod'),
  examples: [
    {
      title: 'Of a negative value',
      given: [{ x: '-1' }],
      query: 'math:mod(x, divisor=3, as=r) | groupBy(r, function=[])',
      gives: [{ r: '2' }],
      from: page('math:mod'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const x = toNum(flow.read(args.field('field')))
      const d = lit(numberOf(args.text('divisor')), 'num')
      const whole = call('num.floor', 'num', [call('num.div', 'num', [x, d])])
      return call('num.sub', 'num', [x, call('num.mul', 'num', [d, whole])])
    },
  },
})

export const mathPow = builtin({
  name: 'math:pow',
  category: 'number',
  kind: 'transform',
  doc: 'The value to the power of an exponent.',
  notes: [],
  params: [FIELD, param('exponent', 'text', 'A number, or a field.', { required: true }), as('_pow')],
  output: '_pow',
  fidelity: 'exact',
  evidence: page('math:pow'),
  examples: [
    {
      title: 'Cube',
      given: [{ x: '2' }],
      query: 'math:pow(x, exponent=3, as=r) | groupBy(r, function=[])',
      gives: [{ r: '8' }],
      from: page('math:pow'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const word = args.text('exponent')
      const by = numberOf(word)
      return call('num.pow', 'num', [
        toNum(flow.read(args.field('field'))),
        by === null ? toNum(flow.read(word)) : lit(by, 'num'),
      ])
    },
  },
})

export const subnet = builtin({
  name: 'subnet',
  category: 'number',
  kind: 'transform',
  doc: 'The network address for a prefix length.',
  notes: [],
  params: [FIELD, param('bits', 'number', 'Length of the prefix.', { required: true }), as('_subnet')],
  output: '_subnet',
  fidelity: { differs: 'Also of IPv6 addresses.' },
  evidence: page('subnet'),
  examples: [
    {
      title: '/16',
      given: [{ ip: '10.1.2.3' }],
      query: 'subnet(ip, bits=16, as=n) | groupBy(n, function=[])',
      gives: [{ n: '10.1.0.0' }],
      from: page('subnet'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const network = call('ip.network', 'str', [toStr(flow.read(args.field('field')))], {
        bits: args.number('bits', 32),
      })
      return call('re.replace', 'str', [network], { pattern: '/[0-9]+$', flags: '', with: '' })
    },
  },
})

export const bitFlags = builtin({
  name: 'bitfield:extractFlags',
  category: 'number',
  kind: 'transform',
  doc: 'Bits of a number as fields that are `true` or `false`; bit 0 is the least significant.',
  notes: [],
  params: [
    param('field', 'field', 'The field.', { required: true }),
    param('output', 'expressions', 'Pairs of bit and name.', { required: true }),
    param('onlyTrue', 'bool', 'Sets only fields of bits that are set.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('bitfield:extractFlags'),
  examples: [
    {
      title: 'Two bits',
      given: [{ flags: '4' }],
      query: 'bitfield:extractFlags(field=flags, output=[[1, E], [2, W]]) | groupBy([E, W], function=[])',
      gives: [{ E: 'false', W: 'true' }],
      from: page('bitfield:extractFlags'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const x = call('num.floor', 'num', [toNum(flow.read(args.field('field')))])
      const onlyTrue = args.flag('onlyTrue')
      for (const pair of args.items('output')) {
        if (pair.kind !== 'array' || !pair.items[0] || !pair.items[1]) continue
        const [bit, name] = pair.items.map((i) => (i.kind === 'field' ? i.name.name : 'text' in i ? i.text : ''))
        const shifted = call('num.floor', 'num', [call('num.div', 'num', [x, lit(2 ** Number(bit), 'num')])])
        const set = test('num.eq', [call('num.mod', 'num', [shifted, lit(2, 'num')]), lit(1, 'num')])
        const other = onlyTrue ? lit(null, 'str') : lit('false', 'str')
        flow.assign(name ?? '', choose(present(x), choose(set, lit('true', 'str'), other), lit(null, 'str')))
      }
    },
  },
})

export const mathArctan2 = builtin({
  name: 'math:arctan2',
  category: 'number',
  kind: 'transform',
  doc: 'The angle of the point (x, y) in radians.',
  notes: ['Reads fields, not expressions.'],
  params: [
    param('x', 'field', 'The field with x.', { required: true }),
    param('y', 'field', 'The field with y.', { required: true }),
    as('_arctan2'),
  ],
  output: '_arctan2',
  fidelity: 'exact',
  evidence: page('math:arctan2'),
  examples: [
    {
      title: 'Along the x axis',
      given: [{ a: '1', b: '0' }],
      query: 'math:arctan2(x=a, y=b, as=r) | groupBy(r, function=[])',
      gives: [{ r: '0' }],
      from: page('math:arctan2'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call('num.atan2', 'num', [toNum(flow.read(args.field('y'))), toNum(flow.read(args.field('x')))]),
  },
})

/** Functions that change the field itself unless they are given another name. */
const inPlace = (f: {
  readonly name: string
  readonly doc: string
  readonly notes?: readonly string[]
  readonly params: CqlBuiltin['params']
  readonly fidelity?: CqlBuiltin['fidelity']
  readonly from?: CqlBuiltin['evidence']
  readonly make: (value: Expr, c: CallContext) => Expr
  readonly given: string
  readonly call: string
  readonly gives: string
}): CqlBuiltin => {
  return builtin({
    name: f.name,
    category: 'number',
    kind: 'transform',
    doc: f.doc,
    notes: f.notes ?? [],
    params: [
      FIELD,
      ...f.params,
      param('as', 'field', 'Name of the output field; without it the field itself changes.'),
    ],
    fidelity: f.fidelity ?? 'exact',
    evidence: page(f.name),
    examples: [
      {
        title: 'In place',
        given: [{ x: f.given }],
        query: `${f.call} | groupBy(x, function=[])`,
        gives: [{ x: f.gives }],
        from: f.from ?? page(f.name),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) => f.make(toStr(c.flow.read(c.args.field('field'))), c),
      asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field'), value),
    },
  })
}
const UNITS = {
  d: 'Days.',
  h: 'Hours.',
  m: 'Minutes.',
  s: 'Seconds.',
  ms: 'Milliseconds.',
  us: 'Microseconds.',
  ns: 'Nanoseconds.',
}

export const spellings: readonly CqlBuiltin[] = [
  inPlace({
    name: 'parseInt',
    doc: 'Digits of a radix as a decimal number.',
    params: [
      param('radix', 'number', '2 to 36.', { default: '16' }),
      param('endian', 'text', 'Order of pairs of digits.', {
        default: 'big',
        oneOf: { big: 'As written.', little: 'Last pair first.' },
      }),
    ],
    make: (v, { args }) =>
      call('int.parseRadix', 'int', [v], {
        radix: args.number('radix', 16),
        little: args.text('endian', 'big').toLowerCase() === 'little',
      }),
    given: '1f4',
    call: 'parseInt(x)',
    gives: '500',
  }),
  inPlace({
    name: 'formatDuration',
    doc: 'A whole number of a unit as days, hours, minutes and so on; what is no whole number stays as it is.',
    notes: ['Parts that are 0 are left out.'],
    params: [
      param('from', 'text', 'What the number counts.', { default: 'ms', oneOf: UNITS }),
      param('precision', 'number', 'How many steps of the scale are shown; 0: all.', { default: '0' }),
    ],
    fidelity: { differs: 'No public text says how parts that are 0 print, nor whether they count for the precision.' },
    make: (v, { args }) =>
      call('str.duration', 'str', [v], { from: args.text('from', 'ms'), precision: args.number('precision', 0) }),
    given: '23452553',
    call: 'formatDuration(x)',
    gives: '6h30m52s553ms',
  }),
  inPlace({
    name: 'unit:convert',
    doc: 'A quantity such as `5 MB` in another unit prefix.',
    notes: ['Prefixes are powers of 1000 unless `binary=true` or they end in `i`.'],
    params: [
      param('from', 'text', 'Unit of numbers that have none.'),
      param('to', 'text', 'Prefix to convert to; the base unit.'),
      param('binary', 'bool', 'Prefixes are powers of 1024.', { default: 'false' }),
      param('keepUnit', 'bool', 'Puts the unit behind the number.', { default: 'false' }),
      param('unit', 'text', 'The unit that the text must have, without its prefix.'),
    ],
    fidelity: { differs: 'Prefixes only: no conversion between units, such as bits and bytes.' },
    make: (v, { args }) =>
      call('str.convertUnit', 'str', [v], {
        from: args.text('from'),
        to: args.text('to'),
        binary: args.flag('binary'),
        keepUnit: args.flag('keepUnit'),
        unit: args.text('unit'),
      }),
    given: '2500',
    call: 'unit:convert(x, to=k)',
    gives: '2.5',
  }),
]
