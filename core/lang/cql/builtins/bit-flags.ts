import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { call, lit, present, test } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { withBrackets } from '../4-lower/functions/arrays.ts'
import { wordOf } from '../4-lower/args.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { as, page, param } from '../4-lower/params.ts'
import { choose, isNull, orElse } from '../4-lower/values.ts'

const FIELD = param('field', 'field', 'The field.', { required: true })
const PAIRS = 'Pairs of bit and name.'
const LOWEST = 'Bit 0 is the least significant. Of a greater number the lowest 64 bits count.'

interface Flag {
  readonly name: string
  readonly set: Pred
}
interface Flags {
  /** Is the field a number? */
  readonly known: Pred
  /** From the lowest bit to the highest, or as the pairs are written. */
  readonly flags: readonly Flag[]
}

/** The bits of the field that the pairs name; undefined, with a diagnostic, if a pair is none. */
function flagsOf({ flow, args }: CallContext, pairs: 'flagNames' | 'output', inOrder: boolean): Flags | undefined {
  const read = args.items(pairs).map((item) => {
    const [bit, name, ...more] = item.kind === 'array' ? item.items.map((i) => wordOf(i) ?? '') : []
    const isBit = /^\d+$/.test(bit ?? '') && Number(bit) < 64
    return isBit && name && more.length === 0 ? { bit: Number(bit), name } : undefined
  })
  const known = read.filter((p) => p !== undefined)
  const different = (of: readonly unknown[]): boolean => new Set(of).size === of.length
  if (known.length < read.length || !different(known.map((p) => p.bit)) || !different(known.map((p) => p.name))) {
    const takes = 'pairs of a bit, from 0 to 63, and a name, such as `[[0, A], [3, B]]`, each bit and name once'
    flow.lowering.report(wrongKind, args.span(pairs), { fn: args.fn, name: pairs, takes })
    return undefined
  }
  const sorted = inOrder ? known.toSorted((a, b) => a.bit - b.bit) : known
  const value = flow.read(args.field('field'))
  if (isNull(value)) return { known: { kind: 'false' }, flags: [] }
  const whole = call('num.toInt', 'int', [call('num.floor', 'num', [toNum(value)])])
  const number = value.ty === 'int' ? value : orElse(call('int.parse', 'int', [toStr(value)]), whole)
  const bits = flow.keep('bits', call('int.mod', 'int', [number, lit(2n ** 64n, 'int')]))
  const flags = sorted.map(({ bit, name }) => {
    const shifted = call('int.div', 'int', [bits, lit(2n ** BigInt(bit), 'int')])
    return { name, set: test('int.eq', [call('int.mod', 'int', [shifted, lit(2n, 'int')]), lit(1n, 'int')]) }
  })
  return { known: present(bits), flags }
}

const setNames = ({ flags }: Flags): Expr =>
  flags.reduce<Expr>(
    (rest, f) => call('list.append', 'list', [rest, choose(f.set, lit(f.name, 'str'), lit(null, 'str'))]),
    lit([], 'list'),
  )

/** The vendor's own number and names: 1234 is 10011010010. */
const DOCUMENTED = [
  'INVALID_ADDRESS',
  'CURRENT_STACK',
  'JIT_DOTNET',
  'MZ',
  'CODE',
  'MODULE',
  'MAPPED',
  'REFLECIVE_PE',
  'JIT_FLASH',
  'PRIMARY_MODULE',
  'PRIVATE_MEMORY',
]
const PAIRS_OF = `[${DOCUMENTED.map((n, i) => `[${i}, ${n}]`).join(', ')}]`

export const bitFlags = builtin({
  name: 'bitfield:extractFlags',
  category: 'number',
  kind: 'transform',
  doc: 'Bits of a number as fields that are `true` or `false`.',
  notes: [LOWEST],
  params: [
    FIELD,
    param('output', 'expressions', PAIRS, { required: true }),
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
    {
      title: 'The lowest and the highest bit of 64',
      given: [{ flags: '9223372036854775809' }],
      query:
        'bitfield:extractFlags(field=flags, output=[[0, low], [63, high], [1, no]], onlyTrue=true) | select([low, high, no])',
      gives: [{ low: 'true', high: 'true' }],
      from: page('bitfield:extractFlags'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const bits = flagsOf(c, 'output', false)
      const other = c.args.flag('onlyTrue') ? lit(null, 'str') : lit('false', 'str')
      for (const f of bits?.flags ?? []) {
        const value = choose(f.set, lit('true', 'str'), other)
        c.flow.assign(f.name, choose((bits as Flags).known, value, lit(null, 'str')))
      }
    },
  },
})

export const bitFlagsAsArray = builtin({
  name: 'bitfield:extractFlagsAsArray',
  category: 'number',
  kind: 'transform',
  doc: 'The names of the bits of a number that are set, from the lowest, as an array.',
  notes: [LOWEST],
  params: [
    FIELD,
    param('flagNames', 'expressions', PAIRS, { required: true }),
    param('asArray', 'field', 'Name of the output array.', { default: '_flags[]' }),
  ],
  fidelity: 'exact',
  evidence: page('bitfield:extractFlagsAsArray'),
  examples: [
    {
      title: 'The bits of 1234',
      given: [{ f: '1234' }, { g: '1' }],
      query: `bitfield:extractFlagsAsArray(field=f, flagNames=${PAIRS_OF}, asArray="n[]") | f=* | concatArray(n, separator=",", as=r) | select(r)`,
      gives: [{ r: 'CURRENT_STACK,CODE,MAPPED,REFLECIVE_PE,PRIVATE_MEMORY' }],
      from: page('bitfield:extractFlagsAsArray'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const bits = flagsOf(c, 'flagNames', true)
      const name = withBrackets(c.args.field('asArray', c.as ?? '_flags[]'))
      if (bits) c.flow.assign(name, choose(bits.known, setNames(bits), c.flow.read(name)))
    },
  },
})

export const bitFlagsAsString = builtin({
  name: 'bitfield:extractFlagsAsString',
  category: 'number',
  kind: 'transform',
  doc: 'The names of the bits of a number that are set, from the lowest, as one text.',
  notes: [LOWEST, 'Without a bit that is set the text is empty.'],
  params: [
    FIELD,
    param('flagNames', 'expressions', PAIRS, { required: true }),
    param('separator', 'text', 'Between two names.', { default: ' ' }),
    as('_flags'),
  ],
  output: '_flags',
  fidelity: 'exact',
  evidence: page('bitfield:extractFlagsAsString'),
  examples: [
    {
      title: 'The bits of 1234',
      given: [{ f: '1234' }],
      query: `bitfield:extractFlagsAsString(field=f, flagNames=${PAIRS_OF}) | select(_flags)`,
      gives: [{ _flags: 'CURRENT_STACK CODE MAPPED REFLECIVE_PE PRIVATE_MEMORY' }],
      from: page('bitfield:extractFlagsAsString'),
    },
    {
      title: 'No bit, and no field',
      given: [{ f: '8' }, { g: '1' }],
      query: 'bitfield:extractFlagsAsString(field=f, flagNames=[[0, A]], as=n) | select([f, n]) | sort(f)',
      gives: [{ f: '8', n: '' }, {}],
      from: page('bitfield:extractFlagsAsString'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const bits = flagsOf(c, 'flagNames', true)
      if (!bits) return lit(null, 'str')
      const text = call('list.join', 'str', [setNames(bits)], { separator: c.args.text('separator', ' ') })
      return choose(bits.known, text, lit(null, 'str'))
    },
  },
})
