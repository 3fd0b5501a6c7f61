import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { call } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { CallContext } from '../4-lower/builtin.ts'
import { FIELD, param, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { not, test } from '../../../plan/build.ts'
import { tableOf, lookUp } from '../4-lower/join/join.ts'
import { isSubnet } from '../../shared/subnet.ts'
import { toStr } from '../../shared/convert.ts'

/** The address without its zone (`fe80::1%12`, RFC 4007): a network holds it whatever the interface. */
const address = ({ flow, args }: CallContext): Expr =>
  call('re.replace', 'str', [toStr(flow.read(args.field('field')))], { pattern: '%[^%]*$', flags: '', with: '' })

export const cidr = builtin({
  name: 'cidr',
  category: 'filter',
  kind: 'filter',
  doc: 'Is the field an IP address in one of the subnets?',
  notes: ['A missing field or a text that is no address is in no subnet.'],
  params: [
    FIELD,
    param('subnet', 'texts', 'Subnets such as `10.0.0.0/8`.'),
    param('file', 'text', 'A lookup file of subnets, or an ad-hoc table.'),
    param('column', 'text', 'Its column.', { default: 'cidr' }),
    param('negate', 'bool', 'Turns the answer round; deprecated, write `!cidr()`.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('cidr'),
  examples: [
    {
      title: 'Private and not',
      given: [{ ip: '10.1.2.3' }, { ip: '8.8.8.8' }, { ip: 'n/a' }],
      query: 'cidr(ip, subnet=["10.0.0.0/8", "192.168.0.0/16"]) | select(ip)',
      gives: [{ ip: '10.1.2.3' }],
      from: page('cidr'),
    },
    {
      title: 'Subnets of a table',
      given: [
        { t: 'net', cidr: '10.0.0.0/8' },
        { t: 'ev', ip: '10.1.2.3' },
        { t: 'ev', ip: '8.8.8.8' },
      ],
      query: 'defineTable(name="ours", query={t=net}, include=[cidr]) | t=ev | !cidr(ip, file="ours") | select(ip)',
      gives: [{ ip: '8.8.8.8' }],
      from: page('cidr'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => {
      const { flow, args } = c
      if (args.has('file')) {
        const column = args.text('column', 'cidr')
        const table = tableOf(c, 'cidr', [column])
        if (!table) return { kind: 'false' }
        const within = { prim: 'ip.inCidrOf', left: address(c), right: column }
        const { found } = lookUp(flow, table.right(), { on: [], within, include: [] })
        return args.flag('negate') ? not(found) : found
      }
      const subnets = args.texts('subnet')
      for (const s of subnets.filter((s) => !isSubnet(s))) {
        const takes = `subnets such as 10.0.0.0/8; ${JSON.stringify(s)} is none`
        flow.lowering.report(wrongKind, args.span('subnet'), { fn: 'cidr', name: 'subnet', takes })
      }
      const text = subnets.some((s) => s.includes(':')) ? address(c) : toStr(flow.read(args.field('field')))
      const inside = test('ip.inCidr', [text], { subnets })
      return args.flag('negate') ? not(inside) : inside
    },
  },
})
