import type { Expr, Pred } from '../../../plan/plan.ts'
import { and, or, not, lit, present, test } from '../../../plan/build.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { choose } from '../4-lower/values.ts'
import { first, param, page } from '../4-lower/params.ts'
import { lowerText } from '../4-lower/ordering.ts'
import { namedTable, lookUp } from '../4-lower/join/join.ts'
import { toStr } from '../../shared/convert.ts'

const IOC = 'ioc'

const CONFIDENCE = ['high', 'medium', 'low', 'unverified']

const INDICATOR = ['indicator', 'type', 'labels', 'malicious_confidence', 'published_date', 'last_updated']

export const iocLookup = builtin({
  name: 'ioc:lookup',
  category: 'enrich',
  kind: 'join',
  doc: 'Looks fields up among indicators of compromise.',
  notes: [
    `Needs a lookup file \`${IOC}\` with the columns ${INDICATOR.join(', ')}; rows without a confidence or type always count.`,
    'Events are kept unless `strict=true`.',
  ],
  params: [
    first('field', 'fields', 'The fields.', { required: true }),
    param('type', 'text', 'What they hold.', {
      required: true,
      oneOf: { domain: 'A domain.', ip_address: 'An address.', url: 'A URL.' },
    }),
    param('confidenceThreshold', 'text', 'The least confidence.', {
      default: 'high',
      oneOf: { unverified: 'Any.', low: 'Low.', medium: 'Medium.', high: 'High.' },
    }),
    param('include', 'texts', 'Columns to take over; all.'),
    param('prefix', 'text', 'Prefix of the output fields.', { default: 'ioc' }),
    param('strict', 'bool', 'Drops events without an indicator.', { default: 'false' }),
  ],
  fidelity: {
    differs:
      'LogScale has CrowdStrike’s indicators; here they are a file. Of more than two fields that match, the first is shown.',
  },
  needsFile: IOC,
  evidence: page('ioc:lookup'),
  examples: [
    {
      title: 'With a table of one indicator',
      given: [
        { t: 'bad', indicator: '203.0.113.9', type: 'ip_address', malicious_confidence: 'low', labels: 'c2' },
        { t: 'ev', s: '10.0.0.1', d: '203.0.113.9' },
        { t: 'ev', s: '10.0.0.1', d: '10.0.0.2' },
      ],
      query:
        'defineTable(name="ioc", query={t=bad}, include=[indicator, type, malicious_confidence, labels]) | t=ev | ioc:lookup([s, d], type=ip_address, confidenceThreshold=low, include=[indicator, labels], strict=true) | select([d, ioc.detected, ioc[0].labels])',
      gives: [{ d: '203.0.113.9', 'ioc.detected': 'true', 'ioc[0].labels': 'c2' }],
      from: page('ioc:lookup'),
    },
  ],
  lower: {
    kind: 'step',
    negatable: true,
    step: indicators,
  },
})

function indicators(c: CallContext): void {
  const { flow, args } = c
  const include = args.has('include') && !args.texts('include').includes('*') ? args.texts('include') : INDICATOR
  const type = args.text('type').toLowerCase()
  const level = args.text('confidenceThreshold', 'high').toLowerCase()
  // A parameter without a value accepts any.
  const enough = CONFIDENCE.includes(level) ? CONFIDENCE.slice(0, CONFIDENCE.indexOf(level) + 1) : CONFIDENCE
  const table = namedTable(flow, IOC, INDICATOR, args.call.nameSpan)
  const rows = args.fields('field').map((name) => {
    const right = table.right()
    const has = (n: string): boolean => table.columns.includes(n)
    const values = {
      type: [type, 'ip', 'url', 'domain'].filter((t) => t === type || (t === 'ip' && type === 'ip_address')),
    }
    const guards = [
      ...(has('type') ? [oneOf(column(right, 'type'), values.type)] : []),
      ...(has('malicious_confidence') ? [oneOf(column(right, 'malicious_confidence'), enough)] : []),
    ]
    const rel = { ...right.rel, stages: [...right.rel.stages, { kind: 'filter' as const, where: and(...guards) }] }
    return lookUp(
      flow,
      { ...right, rel },
      {
        on: [{ left: flow.read(name), right: 'indicator' }],
        include: include.filter(has),
        ignoreCase: true,
      },
    )
  })
  const found = or(...rows.map((r) => r.found))
  if (c.negated) {
    flow.filter(not(found))
    return
  }
  if (args.flag('strict')) flow.filter(found)
  const prefix = args.text('prefix', 'ioc')
  const none = lit(null, 'str')
  const [a, b] = rows
  flow.assignAll([
    { name: `${prefix}.detected`, expr: choose(found, lit('true', 'str'), none) },
    ...include.map((n) => ({
      name: `${prefix}[0].${n}`,
      expr: rows.reduceRight<Expr>((rest, r) => choose(r.found, toStr(r.value(n)), rest), none),
    })),
    ...(a && b
      ? include.map((n) => ({
          name: `${prefix}[1].${n}`,
          expr: choose(and(a.found, b.found), toStr(b.value(n)), none),
        }))
      : []),
  ])
}

const column = (
  right: { readonly column: (n: string) => { readonly id: string; readonly ty: Expr['ty'] } },
  name: string,
): Expr => {
  const c = right.column(name)
  return toStr({ kind: 'col', id: c.id, ty: c.ty })
}

const oneOf = (value: Expr, values: readonly string[]): Pred =>
  or(
    not(present(value)),
    test('str.eq', [value, lit('', 'str')]),
    test('str.in', [lowerText(value)], { values, ignoreCase: true }),
  )
