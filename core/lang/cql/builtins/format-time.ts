import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { plainFormat, timeFromEpoch } from '../4-lower/functions/time.ts'

export const formatTime = builtin({
  name: 'formatTime',
  category: 'time',
  kind: 'transform',
  doc: 'A time written by a pattern of % directives.',
  notes: ['Numbers up to 100,000,000,000 are taken for seconds, greater ones for milliseconds, unless `unit` says.'],
  params: [
    first('format', 'text', 'The pattern.', { required: true }),
    param('field', 'field', 'The field with the time.', { default: '@timestamp' }),
    as('_formatTime'),
    param('timezone', 'text', 'The zone.', { default: 'UTC' }),
    param('locale', 'text', 'Names of days and months are English; another language is refused.'),
    param('unit', 'text', 'What the number counts.', {
      default: 'auto',
      oneOf: { auto: 'By its size.', seconds: 'Seconds.', milliseconds: 'Milliseconds.' },
    }),
  ],
  output: '_formatTime',
  fidelity: { differs: 'Names of days and months are English.' },
  evidence: page('formatTime'),
  examples: [
    {
      title: 'A time of an event, and seconds',
      given: [{ '@timestamp': 1_699_999_999_000, s: '1700000000' }],
      query:
        'a := formatTime("%F %T") | b := formatTime("%H:%M", field=s, timezone="Europe/Berlin") | groupBy([a, b], function=[])',
      gives: [{ a: '2023-11-14 22:13:19', b: '23:13' }],
      from: page('formatTime'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const { flow, args } = c
      if (args.has('locale') && !/^en/i.test(args.text('locale')))
        flow.lowering.report(notRunHere, args.span('locale'), {
          name: 'formatTime',
          what: 'a locale other than English',
        })
      const pattern = plainFormat(args.text('format'))
      const time = timeFromEpoch(c, args.field('field', '@timestamp'), args.text('unit', 'auto'))
      return call('time.format', 'str', [time], { pattern, zone: args.text('timezone', 'UTC') })
    },
  },
})
