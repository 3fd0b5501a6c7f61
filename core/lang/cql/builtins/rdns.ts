import { lit } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin, type CqlBuiltin } from '../4-lower/builtin.ts'
import { lookUp, namedTable } from '../4-lower/join/join.ts'
import { limit, FIELD, page, param } from '../4-lower/params.ts'
import { choose } from '../4-lower/values.ts'

const TABLE = 'rdns'

function hostNames(name: string, output: string, more: CqlBuiltin['params'], use?: string): CqlBuiltin {
  return builtin({
    name,
    category: 'enrich',
    kind: 'transform',
    doc: 'The host name of an address.',
    notes: [
      `Needs a lookup file \`${TABLE}\` with the columns ip and hostname. An ad-hoc table of that name does as well.`,
      'An address that the file does not hold gets no field.',
    ],
    params: [
      FIELD,
      param('server', 'text', 'The name server.', { unused: 'names come from a file' }),
      param('as', 'field', 'Name of the output field.', { default: output }),
      ...more,
    ],
    output,
    ...(use === undefined ? {} : { deprecated: { use } }),
    fidelity: { differs: 'LogScale asks a name server; here names come from a file.' },
    needsFile: TABLE,
    evidence: page(name),
    examples: [
      {
        title: 'With a table of one address',
        given: [
          { t: 'name', ip: '192.0.2.1', hostname: 'mail.example.org' },
          { t: 'ev', ip: '192.0.2.1' },
          { t: 'ev', ip: '192.0.2.2' },
        ],
        query: `defineTable(name="${TABLE}", query={t=name}, include=[ip, hostname]) | t=ev | ${name}(ip, as=host) | sort(ip, type=string) | select([ip, host])`,
        gives: [{ ip: '192.0.2.2' }, { ip: '192.0.2.1', host: 'mail.example.org' }],
        from: page(name),
      },
    ],
    lower: {
      kind: 'step',
      step: (c) => {
        const { flow, args } = c
        const table = namedTable(flow, TABLE, ['ip', 'hostname'], args.call.nameSpan)
        const address = flow.read(args.field('field'))
        const row = lookUp(flow, table.right(), { on: [{ left: address, right: 'ip' }], include: ['hostname'] })
        flow.assign(c.as ?? output, choose(row.found, toStr(row.value('hostname')), lit(null, 'str')))
      },
    },
  })
}

export const names: readonly CqlBuiltin[] = [
  hostNames('rdns', 'hostname', [], 'reverseDns'),
  hostNames('reverseDns', 'hostname', [
    { ...limit('5000', 'The most addresses that are asked for.'), unused: 'a file has no limit' },
  ]),
]
