import { FIELD, param, as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'

export const subnet = builtin({
  name: 'subnet',
  category: 'number',
  kind: 'transform',
  doc: 'The network of an address for a prefix length, as `10.1.0.0/16`.',
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
      gives: [{ n: '10.1.0.0/16' }],
      from: page('subnet'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call('ip.network', 'str', [toStr(flow.read(args.field('field')))], { bits: args.number('bits', 32) }),
  },
})
