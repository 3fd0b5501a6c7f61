// Times: of the run, written, read, in buckets.
import { call, lit, test } from '../../../plan/build.ts'
import { impliedSpan, notRunHere, wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { EnvRef, Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../builtin.ts'
import type { Expr as AstExpr } from '../ast.ts'
import { FUNCTION, as, first, page, param } from '../params.ts'
import { strftimeOf } from '../time-patterns.ts'
import { millisOf } from '../3-lower-text.ts'
import { choose, isNull, orElse, toInt, toNum, toStr } from '../3-lower-values.ts'

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
    lower: { value: () => call('time.toMillis', 'int', [{ kind: 'env', name, ty: 'time' }]) },
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
    value: ({ flow, args }) => {
      const ms = millisOf(args.text('duration'))
      if (ms !== undefined) return lit(BigInt(Math.round(ms)), 'int')
      flow.low.say(wrongKind, args.span('duration'), {
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
    param('addErrors', 'bool', 'Ignored: no error fields are made.'),
  ],
  output: '@timestamp',
  fidelity: { differs: 'No error fields, no `timezoneField`, no `@timezone`; a missing year is 1970.' },
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
  ],
  lower: {
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
        flow.low.say(notRunHere, args.span('format'), {
          name: 'parseTimestamp',
          what: `the time pattern \`${format}\``,
        })
        return lit(null, 'int')
      }
      const zone = args.text('timezone', 'UTC')
      const read = patterns.map((pattern) => call('time.parse', 'time', [toStr(value)], { pattern, zone }))
      return call('time.toMillis', 'int', [read.reduceRight<Expr>((rest, e) => orElse(e, rest), lit(null, 'time'))])
    },
  },
})

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

// ── buckets ──

const BUCKETS = 100
const SPANS_MS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800,
].map((s) => s * 1000)

function spanOf(c: CallContext, fn: string): number | undefined {
  const { flow, args } = c
  if (args.has('span') && args.text('span') !== 'auto') {
    const ms = millisOf(args.text('span'))
    if (ms === undefined)
      flow.low.say(wrongKind, args.span('span'), { fn, name: 'span', takes: 'a duration such as `5m`' })
    return ms
  }
  const { interval } = flow.low.known
  const wanted = args.number('buckets', BUCKETS)
  const whole = interval ? Number(interval.end - interval.start) / 1000 : undefined
  const least = args.has('minSpan') ? (millisOf(args.text('minSpan')) ?? 0) : 0
  const ms =
    whole === undefined
      ? Math.max(3_600_000, least)
      : (SPANS_MS.find((s) => s >= whole / wanted && s >= least) ?? 604_800_000)
  flow.low.say(impliedSpan, args.call.nameSpan, { fn, span: `${ms / 1000} s` })
  return ms
}

function buckets(c: CallContext, fn: string, series: readonly string[]): void {
  const { flow, args } = c
  const ms = spanOf(c, fn)
  const time = flow.time()
  if (ms === undefined) return
  if (!time || isNull(time)) {
    flow.low.say(notRunHere, args.call.nameSpan, {
      name: fn,
      what: `\`${fn}()\` behind a step that has no @timestamp`,
    })
    return
  }
  const bucket = call('time.toMillis', 'int', [
    call('time.bucket', 'time', [time], { span: ms * 1000, zone: args.text('timezone', 'UTC') }),
  ])
  const keys = [{ name: '_bucket', expr: bucket }, ...series.map((name) => ({ name, expr: flow.read(name) }))]
  const count: AstExpr = {
    kind: 'call',
    call: { name: 'count', nameSpan: args.call.nameSpan, args: [], span: args.call.span },
    span: args.call.span,
  }
  flow.low.parts.grouped(flow, keys, args.has('function') ? args.items('function') : [count], { limit: null })
  flow.push({
    kind: 'order',
    by: keys.map((k) => ({ expr: flow.read(k.name), dir: 'asc' as const, nulls: 'last' as const })),
  })
  flow.ordered = true
}

const SPAN = param('span', 'text', 'Length of a bucket.', { default: 'auto' })
const COUNT = param('buckets', 'number', 'About how many buckets, if there is no span.')
const LESS =
  'Buckets without events are left out; series beyond `limit` are kept; without a span it is chosen by the interval or is an hour.'
const SERIES_LIMIT = param('limit', 'number', 'The most series; all are kept here.', { default: '10' })
const MIN_SPAN = param('minSpan', 'text', 'The least span that may be chosen.')
const ZONE = param('timezone', 'text', 'The zone whose midnight starts the buckets.', { default: 'UTC' })
const UNIT = param('unit', 'texts', 'Ignored: units are for widgets.')

export const bucket = builtin({
  name: 'bucket',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates per span of time and, if fields are given, per their values.',
  notes: ['`_bucket` is the start of the span in epoch milliseconds.'],
  params: [
    first('span', 'text', 'Length of a bucket.', { default: 'auto' }),
    COUNT,
    param('field', 'fields', 'Further keys.'),
    FUNCTION,
    SERIES_LIMIT,
    MIN_SPAN,
    ZONE,
    UNIT,
  ],
  fidelity: { differs: LESS },
  evidence: page('bucket'),
  examples: [
    {
      title: 'Per minute',
      given: [{ '@timestamp': 0 }, { '@timestamp': 59_999 }, { '@timestamp': 60_000 }],
      query: 'bucket(span=1m)',
      gives: [
        { _bucket: 0, _count: 2 },
        { _bucket: 60_000, _count: 1 },
      ],
      from: page('bucket'),
    },
  ],
  lower: { whole: true, step: (c) => buckets(c, 'bucket', c.args.fields('field')) },
})

export const timeChart = builtin({
  name: 'timeChart',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates per span of time and, with a series, per its values.',
  notes: ['Rows are bucket, series, values: a chart would draw them.'],
  params: [first('series', 'field', 'The series.'), SPAN, COUNT, FUNCTION, SERIES_LIMIT, MIN_SPAN, ZONE, UNIT],
  fidelity: { differs: LESS },
  evidence: page('timeChart'),
  examples: [
    {
      title: 'Per second and user',
      given: [
        { '@timestamp': 100, u: 'x', b: '1' },
        { '@timestamp': 900, u: 'x', b: '2' },
        { '@timestamp': 1000, u: 'y', b: '5' },
      ],
      query: 'timeChart(u, span=1000ms, function=sum(b))',
      gives: [
        { _bucket: 0, u: 'x', _sum: 3 },
        { _bucket: 1000, u: 'y', _sum: 5 },
      ],
      from: page('timeChart'),
    },
  ],
  lower: { whole: true, step: (c) => buckets(c, 'timeChart', c.args.has('series') ? [c.args.field('series')] : []) },
})
