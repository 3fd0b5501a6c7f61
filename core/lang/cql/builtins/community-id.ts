import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { lit, call } from '../../../plan/build.ts'
import { orElse } from '../4-lower/values.ts'
import { param, as, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const communityId = builtin({
  name: 'communityId',
  category: 'enrich',
  kind: 'transform',
  doc: 'The Community ID of a network flow: the same name for both directions.',
  notes: ['Where something is missing or wrong the result is an empty text.'],
  params: [
    param('proto', 'field', 'The protocol: a name or number.', { required: true }),
    param('sourceip', 'field', 'The source.', { required: true }),
    param('destinationip', 'field', 'The destination.', { required: true }),
    param('sourceport', 'field', 'Port of the source.'),
    param('destinationport', 'field', 'Port of the destination.'),
    param('icmptype', 'field', 'Type of an ICMP message.'),
    param('icmpcode', 'field', 'Code of an ICMP message.'),
    param('seed', 'number', 'Seed of 16 bits.', { default: '0' }),
    as('_community_id'),
  ],
  output: '_community_id',
  fidelity: 'exact',
  evidence: page('communityId'),
  examples: [
    {
      title: 'Of a connection, and of none',
      given: [
        { p: 'tcp', s: '128.232.110.120', d: '66.35.250.204', sp: '34855', dp: '80' },
        { p: 'tcp', s: 'x', d: 'y' },
      ],
      query:
        'communityId(proto=p, sourceip=s, destinationip=d, sourceport=sp, destinationport=dp, as=id) | groupBy(id, function=[])',
      gives: [{ id: '' }, { id: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=' }],
      from: { vendorDoc: 'https://github.com/corelight/community-id-spec' },
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const read = (name: string): Expr => (args.has(name) ? toStr(flow.read(args.field(name))) : lit(null, 'str'))
      const flowId = call(
        'net.communityId',
        'str',
        [
          read('proto'),
          read('sourceip'),
          read('destinationip'),
          orElse(read('icmptype'), read('sourceport')),
          orElse(read('icmpcode'), read('destinationport')),
        ],
        { seed: args.number('seed', 0) },
      )
      return orElse(flowId, lit('', 'str'))
    },
  },
})
