// Times: of the run, written, read, in buckets.
import { and, call, iff, lit, not, present, test } from '../../../plan/build.ts'
import { notRunHere, wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { EnvRef, Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../4-lower/builtin.ts'
import { as, first, page, param } from '../4-lower/params.ts'
import { strftimeOf } from '../4-lower/time-patterns.ts'
import { millisOf } from '../4-lower/ordering.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { choose, isNull, orElse, toInt } from '../4-lower/values.ts'

const ofRun = (name: EnvRef['name'], doc: string, gives: number): CqlBuiltin =>
  builtin({
    name,
    category: 'time',
    kind: 'transform',
    doc,
    notes: [],
    params: [first('as', 'field', 'Name of the output field.', { default: `_${name}` })],
    output: `_${name}`,
    fidelity: 'exact',
    evidence: page(name),
    examples: [
      {
        title: 'In milliseconds',
        given: [{ a: '1' }],
        query: `t := ${name}() | groupBy(t, function=[])`,
        gives: [{ t: gives }],
        from: page(name),
      },
    ],
    lower: {
      kind: 'value',
      value: () => call('time.toMillis', 'int', [{ kind: 'env', name, ty: 'time' }]),
    },
  })

export const now = ofRun('now', 'When the query runs, in epoch milliseconds.', 1_700_000_000_000)
export const start = ofRun('start', 'Where the interval of the query starts, in epoch milliseconds.', 0)
export const end = ofRun('end', 'Where the interval of the query ends, in epoch milliseconds.', 1_700_000_000_000)

export const duration = builtin({
  name: 'duration',
  category: 'time',
  kind: 'transform',
  doc: 'A duration in milliseconds.',
  notes: [],
  params: [first('duration', 'duration', 'Such as `5m`, `24h`, `30d`.', { required: true }), as('_duration')],
  output: '_duration',
  fidelity: 'exact',
  evidence: page('duration'),
  examples: [
    {
      title: 'A day',
      given: [{ a: '1' }],
      query: 'd := duration(1d) | groupBy(d, function=[])',
      gives: [{ d: 86_400_000 }],
      from: page('duration'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const ms = millisOf(args.text('duration'))
      if (ms !== undefined) return lit(BigInt(Math.round(ms)), 'int')
      flow.lowering.report(wrongKind, args.span('duration'), {
        fn: 'duration',
        name: 'duration',
        takes: 'a duration such as `5m`',
      })
      return lit(null, 'int')
    },
  },
})

/** A field that holds epoch seconds or milliseconds, as time. */
function timeOf(c: CallContext, name: string, unit: string): Expr {
  const value = c.flow.read(name)
  if (value.kind === 'call' && value.prim === 'time.toMillis' && value.args[0] && unit !== 'seconds')
    return value.args[0]
  const number = toNum(value)
  const millis = (x: Expr): Expr => call('num.toInt', 'int', [x])
  const seconds = millis(call('num.mul', 'num', [number, lit(1000, 'num')]))
  const whole = value.ty === 'int' ? value : millis(number)
  if (unit === 'seconds') return call('time.fromMillis', 'time', [seconds])
  if (unit === 'milliseconds') return call('time.fromMillis', 'time', [whole])
  // Up to this number it is taken for seconds.
  return call('time.fromMillis', 'time', [
    choose(test('num.le', [number, lit(100_000_000_000, 'num')]), seconds, whole),
  ])
}

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
    param('locale', 'text', 'Ignored: names of days and months are English.'),
    param('unit', 'text', 'What the number counts.', {
      default: 'auto',
      oneOf: { auto: 'By its size.', seconds: 'Seconds.', milliseconds: 'Milliseconds.' },
    }),
  ],
  output: '_formatTime',
  fidelity: { differs: 'Names of days and months are English whatever the locale.' },
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
      const { args } = c
      const pattern = args
        .text('format')
        .replace(/%([hrc])/g, (_, d: string) => ({ h: '%b', r: '%I:%M:%S %p', c: '%a %b %e %T %Y' })[d] ?? '')
      const time = timeOf(c, args.field('field', '@timestamp'), args.text('unit', 'auto'))
      return call('time.format', 'str', [time], { pattern, zone: args.text('timezone', 'UTC') })
    },
  },
})

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
    param('caseSensitive', 'bool', 'Ignored.'),
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

/** A text without a year is of this one, or of the last one if that would be more than eight days ahead of now. */
function readTime(text: Expr, pattern: string, zone: string): Expr {
  const parse = (t: Expr, p: string): Expr => call('time.parse', 'time', [t], { pattern: p, zone })
  if (/%[YyFDsQ]/.test(pattern.replaceAll('%%', ''))) return parse(text, pattern)
  const now: Expr = { kind: 'env', name: 'now', ty: 'time' }
  const year = call('time.part', 'int', [now], { part: 'year', zone })
  const inYear = (y: Expr): Expr =>
    parse(call('str.concat', 'str', [call('int.toText', 'str', [y]), lit(' ', 'str'), text]), `%Y ${pattern}`)
  const thisYear = inYear(year)
  const limit = call('time.fromInt', 'time', [
    call('int.add', 'int', [call('time.toInt', 'int', [now]), lit(AHEAD, 'int')]),
  ])
  // 29 February does not exist in every year: then the last one is tried as well.
  return iff(test('time.le', [thisYear, limit]), thisYear, inYear(call('int.sub', 'int', [year, lit(1n, 'int')])))
}
const AHEAD = 8n * 86_400_000_000n

const part = (name: string, of: string, doc: string, gives: number): CqlBuiltin =>
  builtin({
    name: `time:${name}`,
    category: 'time',
    kind: 'transform',
    doc,
    notes: [],
    params: [
      first('field', 'field', 'The field with the time.', { default: '@timestamp' }),
      param('timezone', 'text', 'The zone.', { default: 'UTC' }),
      as(`_${name}`),
    ],
    output: `_${name}`,
    fidelity: { differs: '`timezoneField` is not run.' },
    evidence: page(`time:${name}`),
    examples: [
      {
        title: 'Of an event',
        given: [{ '@timestamp': 1_699_999_999_123 }],
        query: `x := time:${name}() | groupBy(x, function=[])`,
        gives: [{ x: String(gives) }],
        from: page(`time:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) =>
        call('time.part', 'int', [timeOf(c, c.args.field('field', '@timestamp'), 'auto')], {
          part: of,
          zone: c.args.text('timezone', 'UTC'),
        }),
    },
  })

export const timeParts: readonly CqlBuiltin[] = [
  part('year', 'year', 'The year.', 2023),
  part('month', 'month', 'The month, 1 to 12.', 11),
  part('dayOfMonth', 'day', 'The day of the month.', 14),
  part('dayOfWeek', 'weekday', 'The day of the week, Monday is 1.', 2),
  part('dayOfYear', 'yearday', 'The day of the year.', 318),
  part('weekOfYear', 'week', 'The week by ISO 8601.', 46),
  part('hour', 'hour', 'The hour.', 22),
  part('minute', 'minute', 'The minute.', 13),
  part('second', 'second', 'The second.', 19),
  part('millisecond', 'millisecond', 'The millisecond.', 123),
]

const nameOf = (name: string, pattern: string, doc: string, gives: string): CqlBuiltin =>
  builtin({
    name: `time:${name}`,
    category: 'time',
    kind: 'transform',
    doc,
    notes: ['Names are English.'],
    params: [
      first('field', 'field', 'The field with the time.', { default: '@timestamp' }),
      param('timezone', 'text', 'The zone.', { default: 'UTC' }),
      as(`_${name}`),
    ],
    output: `_${name}`,
    fidelity: { differs: '`timezoneField` is not run.' },
    evidence: page(`time:${name}`),
    examples: [
      {
        title: 'Of an event',
        given: [{ '@timestamp': 1_699_999_999_000 }],
        query: `x := time:${name}() | groupBy(x, function=[])`,
        gives: [{ x: gives }],
        from: page(`time:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) =>
        call('time.format', 'str', [timeOf(c, c.args.field('field', '@timestamp'), 'auto')], {
          pattern,
          zone: c.args.text('timezone', 'UTC'),
        }),
    },
  })
export const timeNames: readonly CqlBuiltin[] = [
  nameOf('dayOfWeekName', '%A', 'The name of the day.', 'Tuesday'),
  nameOf('monthName', '%B', 'The name of the month.', 'November'),
]
