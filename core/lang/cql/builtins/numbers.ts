// Numbers and addresses.
import { call, iff, lit, present, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CqlBuiltin } from '../builtin.ts'
import { FIELD, as, page, param } from '../params.ts'
import { choose, numberOf, toNum, toStr } from '../3-lower-values.ts'

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
    value: ({ flow, args }) => {
      const x = toNum(flow.read(args.field('field')))
      const how = args.text('how', 'round')
      if (how === 'ceil' || how === 'floor') return call(`num.${how}`, 'num', [x])
      const up = call('num.floor', 'num', [call('num.add', 'num', [x, lit(0.5, 'num')])])
      if (flow.low.choice('round-half') === 'up') return up
      const down = call('num.ceil', 'num', [call('num.sub', 'num', [x, lit(0.5, 'num')])])
      return iff(test('num.lt', [x, lit(0, 'num')]), down, up)
    },
    step: (c) => {
      const value = round.lower.value?.(c)
      if (value) c.flow.assign(c.as ?? c.args.field('field'), value)
    },
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
    lower: { value: ({ flow, args }) => make(toNum(flow.read(args.field('field')))) },
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
  math(
    'log2',
    (x) => call('num.div', 'num', [call('num.log', 'num', [x]), call('num.log', 'num', [lit(2, 'num')])]),
    'The logarithm to base 2.',
    '1',
    '0',
  ),
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
