import { call } from '../../../plan/build.ts'
import { first, as, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'
import { type CqlBuiltin, builtin } from '../4-lower/builtin.ts'

const digest = (name: string, gives: string): CqlBuiltin =>
  builtin({
    name: `crypto:${name}`,
    category: 'text',
    kind: 'transform',
    doc: `The ${name.toUpperCase()} digest of the values put together, in hexadecimal.`,
    notes: ['Missing fields count as empty.'],
    params: [first('field', 'fields', 'The fields.', { required: true }), as(`_${name}`)],
    output: `_${name}`,
    fidelity: 'exact',
    evidence: page(`crypto:${name}`),
    examples: [
      {
        title: 'Of two fields',
        given: [{ a: 'ab', b: 'c' }],
        query: `crypto:${name}([a, no, b], as=r) | groupBy(r, function=[])`,
        gives: [{ r: gives }],
        from: page(`crypto:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: ({ flow, args }) => {
        const values = args.fields('field').map((name) => toStr(flow.read(name)))
        return call(`crypto.${name}`, 'str', [call('str.concat', 'str', values)])
      },
    },
  })

export const digests: readonly CqlBuiltin[] = [
  digest('md5', '900150983cd24fb0d6963f7d28e17f72'),
  digest('sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  digest('sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
]
