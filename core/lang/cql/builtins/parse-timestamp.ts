import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, lit, and, present, not } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { strftimeOf } from '../4-lower/time-patterns.ts'
import { toInt, orElse, isNull, choose } from '../4-lower/values.ts'
import { readTime } from '../4-lower/functions/read-time.ts'
import { toNum, toStr } from '../../shared/convert.ts'

export const parseTimestamp = builtin({
  name: 'parseTimestamp',
  category: 'time',
  kind: 'parse',
  doc: 'A text read as a time, in epoch milliseconds.',
  notes: ['The pattern is that of Java’s DateTimeFormatter, or millis, seconds, unixtime, nanos.'],
  params: [
    first('format', 'text', 'The pattern.', { default: 'ISO-8601' }),
    param('field', 'field', 'The field.', { required: true }),
    param('as', 'field', 'Name of the output field.', { default: '@timestamp' }),
    param('timezone', 'text', 'Zone of texts without one.', { default: 'UTC' }),
    param('timezoneField', 'field', 'A field with the zone; not run here.'),
    param('timezoneAs', 'field', 'Where the zone would go; not run here.'),
    param('caseSensitive', 'bool', 'Not used here: a warning says so.'),
    param('addErrors', 'bool', 'Sets `@error` and `@error_msg` where the text is no time.', { default: 'true' }),
  ],
  output: '@timestamp',
  fidelity: { differs: 'No `timezoneField`, no `@timezone`; the text of `@error_msg` is our own.' },
  evidence: page('parseTimestamp'),
  examples: [
    {
      title: 'A log’s own stamp',
      given: [{ t: '2023-11-14 22:13:20' }, { t: 'no' }],
      query: 'ms := parseTimestamp("yyyy-MM-dd HH:mm:ss", field=t, timezone="UTC") | ms=* | groupBy(ms, function=[])',
      gives: [{ ms: '1700000000000' }],
      from: page('parseTimestamp'),
    },
    {
      title: 'ISO 8601',
      given: [{ t: '2023-11-14T22:13:20.5Z' }, { t: '2023-11-14T22:13:20+01:00' }],
      query: 'parseTimestamp(field=t, as=ms) | groupBy(ms, function=[])',
      gives: [{ ms: '1699996400000' }, { ms: '1700000000500' }],
      from: page('parseTimestamp'),
    },
    {
      title: 'Without a year: this one, or the last one if that is over eight days ahead',
      given: [{ t: 'Nov 14 22:13:20' }, { t: 'Nov 20 00:00:00' }, { t: 'Dec 24 00:00:00' }],
      query: 'parseTimestamp("MMM d HH:mm:ss", field=t, as=ms) | groupBy(ms, function=[])',
      gives: [{ ms: '1671840000000' }, { ms: '1700000000000' }, { ms: '1700438400000' }],
      from: page('parseTimestamp'),
    },
    {
      title: 'What is no time is marked',
      given: [{ t: 'soon' }, { t: '1970-01-01' }],
      query:
        'parseTimestamp("yyyy-MM-dd", field=t, as=ms) | default(value="-", field=[ms, @error]) | groupBy([t, ms, @error], function=[])',
      gives: [
        { t: '1970-01-01', ms: '0', '@error': '-' },
        { t: 'soon', ms: '-', '@error': 'true' },
      ],
      from: page('parseTimestamp'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const { flow, args } = c
      const value = flow.read(args.field('field'))
      const format = args.text('format', 'ISO-8601')
      const counts = { millis: 1, milliseconds: 1, seconds: 1000, unixtime: 1000, unixtimemillis: 1, nanos: 1e-6 }[
        format.toLowerCase()
      ]
      if (counts !== undefined) {
        return counts === 1
          ? toInt(value)
          : call('num.toInt', 'int', [call('num.mul', 'num', [toNum(value), lit(counts, 'num')])])
      }
      const patterns = strftimeOf(format)
      if (!patterns) {
        flow.lowering.report(notRunHere, args.span('format'), {
          name: 'parseTimestamp',
          what: `the time pattern \`${format}\``,
        })
        return lit(null, 'int')
      }
      const zone = args.text('timezone', 'UTC')
      const read = patterns.map((pattern) => readTime(toStr(value), pattern, zone))
      return call('time.toMillis', 'int', [read.reduceRight<Expr>((rest, e) => orElse(e, rest), lit(null, 'time'))])
    },
    asStep: (c, value) => {
      const { flow, args } = c
      const text = flow.read(args.field('field'))
      if (isNull(text)) return
      const time = flow.keep('parsed', value)
      flow.assign(c.as ?? '@timestamp', time)
      if (!args.flag('addErrors', true)) return
      const failed = and(present(text), not(present(time)))
      const message = call('str.concat', 'str', [lit('no time in ', 'str'), lit(args.field('field'), 'str')])
      flow.assignAll([
        { name: '@error', expr: choose(failed, lit('true', 'str'), lit(null, 'str')) },
        { name: '@error_msg', expr: choose(failed, message, lit(null, 'str')) },
      ])
    },
  },
})
