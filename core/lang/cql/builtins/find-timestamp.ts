import { call, lit } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { page, param } from '../4-lower/params.ts'
import { strftimeOf } from '../4-lower/time-patterns.ts'
import { orElse } from '../4-lower/values.ts'
import { readTime } from '../4-lower/functions/read-time.ts'

const ISO = strftimeOf('ISO-8601') ?? []
const withBlank = ISO.map((p) => p.replace('T', ' '))
const withComma = withBlank.map((p) => p.replace('.', ','))
/** The stamp as a group, and the patterns to read it with. The reference names no list; these are the usual stamps of logs. */
const FORMS: readonly (readonly [group: string, patterns: readonly string[]])[] = [
  ['\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?', ISO],
  [
    '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?',
    [...withBlank, ...withComma.slice(0, 3), '%Y-%m-%d %H:%M:%S,%L'],
  ],
  ['\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d', ['%Y/%m/%d %H:%M:%S']],
  ['\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}', ['%d/%b/%Y:%H:%M:%S %z']],
  ['[A-Z][a-z]{2} +\\d{1,2} \\d{4} \\d\\d:\\d\\d:\\d\\d', ['%b %d %Y %H:%M:%S']],
  ['[A-Z][a-z]{2} +\\d{1,2} \\d\\d:\\d\\d:\\d\\d', ['%b %d %H:%M:%S']],
]
/** The function looks at the first 128 characters; a stamp that begins within them is found here. */
const WITHIN = 128

export const findTimestamp = builtin({
  name: 'findTimestamp',
  category: 'time',
  kind: 'parse',
  doc: 'The first time stamp in a text, in epoch milliseconds.',
  notes: ['It looks at the first 128 characters.'],
  params: [
    param('field', 'field', 'The field with the text.', { default: '@rawstring' }),
    param('as', 'field', 'Name of the output field.', { default: '@timestamp' }),
    param('timezone', 'text', 'Zone of stamps without one.', { default: 'UTC' }),
    param('timezoneField', 'field', 'A field with the zone; not run here.'),
    param('timezoneAs', 'field', 'Where the zone would go; not run here.'),
    param('addErrors', 'bool', 'Not used here: a text without a stamp is not marked, and a warning says so.', {
      default: 'true',
    }),
  ],
  output: '@timestamp',
  fidelity: { differs: 'The reference lists no formats: ISO 8601, syslog, web server and common forms are found.' },
  evidence: page('findTimestamp'),
  examples: [
    {
      title: 'Stamps of three logs, and none',
      given: [
        { m: 'x 2023-11-14T22:13:20Z y' },
        { m: '[14/Nov/2023:23:13:21 +0100] GET' },
        { m: '<14>Nov 14 22:13:22 host' },
        { m: 'none' },
      ],
      query: 'findTimestamp(field=m, as=ms) | ms=* | groupBy(ms, function=[])',
      gives: [{ ms: '1700000000000' }, { ms: '1700000001000' }, { ms: '1700000002000' }],
      from: page('findTimestamp'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const text = toStr(flow.read(args.field('field', '@rawstring')))
      const zone = args.text('timezone', 'UTC')
      const read = FORMS.flatMap(([group, patterns]) => {
        const consts = { pattern: `^[\\s\\S]{0,${WITHIN}}?(${group})`, flags: '', group: 1 }
        const stamp = call('re.group', 'str', [text], consts)
        return patterns.map((p) => readTime(stamp, p, zone))
      })
      return call('time.toMillis', 'int', [read.reduceRight<Expr>((rest, e) => orElse(e, rest), lit(null, 'time'))])
    },
  },
})
