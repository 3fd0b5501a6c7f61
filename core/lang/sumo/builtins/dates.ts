// Times are milliseconds since 1970 UTC.
import { absent, call, lit } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { sumoDateFormat, sumoDouble } from '../../../diag/catalogue/sumo-lower.ts'
import { ex, fn, param } from '../3-lower/builtin-kit.ts'
import type { FnContext } from '../3-lower/builtin.ts'
import { javaDate } from '../3-lower/java-date.ts'

const C = 'dates'
const ms = param('time', 'expression', 'Milliseconds.')
const millis = (name: 'end' | 'now' | 'start'): Expr =>
  call('time.toMillis', 'int', [{ kind: 'env', name, ty: 'time' }])
const zoneOf = (c: FnContext, i: number): string => c.literal(i) ?? c.flow.lowering.zone

function pattern(c: FnContext, text: string) {
  const found = javaDate(text)
  if ('directives' in found) return found
  c.flow.lowering.report(sumoDateFormat, c.at, { pattern: text, letter: found.letter })
  return undefined
}

function formatDate(c: FnContext): Expr {
  const first = c.args[0]
  if (first?.kind === 'val' && first.double) {
    const at = c.ast[0]
    c.flow.lowering.report(sumoDouble, c.at, {
      name: at ? c.flow.lowering.source.text.slice(at.span.start, at.span.end) : 'the value',
    })
  }
  const found = pattern(c, c.literal(1) ?? 'MM/dd/yyyy HH:mm:ss a')
  if (!found) return absent('str')
  return call('time.format', 'str', [call('time.fromMillis', 'time', [c.int(0)])], {
    pattern: found.directives,
    zone: zoneOf(c, 2),
  })
}

function parseDate(c: FnContext): Expr {
  const found = pattern(c, c.literal(1) ?? 'MM/dd/yyyy HH:mm:ss a')
  if (!found) return absent('int')
  const prefix = call('re.group', 'str', [c.str(0)], { pattern: `^\\s*(${found.prefix})`, flags: '', group: 1 })
  return call('time.toMillis', 'int', [
    call('time.parse', 'time', [prefix], { pattern: found.directives, zone: zoneOf(c, 2) }),
  ])
}

export const dates = [
  fn(
    C,
    'formatDate',
    'A time written with a pattern of Java’s SimpleDateFormat, in the reader’s zone if none is given.',
    [ms, param('format', 'text', 'Such as "yyyy-MM-dd HH:mm:ss".', false), param('zone', 'text', 'IANA name.', false)],
    formatDate,
    [
      ex('formatDate(toLong("1500508830000"), "yyyy-MM-dd HH:mm:ss")', '2017-07-20 00:00:30'),
      ex('formatDate(1500508830000, "EEE", "America/Los_Angeles")', 'Wed'),
      ex('formatDate(0, "yyyy-MM-dd\'T\'HH:mm")', '1970-01-01T00:00'),
      ex(
        'formatDate(0, "M/d/yyyy H:mm z Z X XXX zzzz", "America/New_York")',
        '12/31/1969 19:00 EST -0500 -05 -05:00 Eastern Standard Time',
      ),
    ],
  ),
  fn(
    C,
    'parseDate',
    'The time that a text begins with, read by a pattern.',
    [
      param('text', 'expression', 'The text.'),
      param('format', 'text', 'Pattern.', false),
      param('zone', 'text', 'IANA name.', false),
    ],
    parseDate,
    [
      ex('parseDate("20170720000030", "yyyyMMddHHmmss", "UTC")', 1500508830000),
      ex('parseDate("2017-07-20 and more", "yyyy-MM-dd", "UTC")', 1500508800000),
      ex('parseDate("3/4/2005 other", "MM/dd/yyyy", "UTC")', 1109894400000),
      ex('parseDate("2019-11-18 19:00:00 PST", "yyyy-MM-dd HH:mm:ss z", "UTC")', 1574132400000),
      ex('parseDate("2019-11-18T19:00:00.000-08:00", "yyyy-MM-dd\'T\'HH:mm:ss.SSSXXX", "UTC")', 1574132400000),
      ex('parseDate("2019-11-18 XYZ", "yyyy-MM-dd z", "UTC")', null),
      ex('parseDate("x", "yyyy")', null),
    ],
  ),
  fn(C, 'now', 'The time of the run.', [], () => millis('now'), [ex('now() - now()', 0)], {
    differs: 'the same for all rows',
  }),
  fn(C, 'queryStartTime', 'Start of the interval.', [], () => millis('start'), [
    ex('if(queryStartTime() <= queryEndTime(), 1, 0)', 1),
  ]),
  fn(C, 'queryEndTime', 'End of the interval.', [], () => millis('end'), [ex('if(queryEndTime() >= 0, 1, 0)', 1)]),
  fn(
    C,
    'queryTimeRange',
    'Length of the interval.',
    [],
    () => call('int.sub', 'int', [millis('end'), millis('start')]),
    [ex('queryTimeRange() - (queryEndTime() - queryStartTime())', 0)],
  ),
  fn(C, 'fromMillis', 'Milliseconds as a time.', [ms], (c) => c.int(0), [ex('fromMillis(5)', 5)], {
    evidence: { observed: 'used in 382 published queries, documented nowhere' },
  }),
  fn(C, 'toMillis', 'A time as milliseconds.', [ms], (c) => c.int(0), [ex('toMillis(5)', 5)], {
    evidence: { observed: 'used in 63 published queries, documented nowhere' },
  }),
  fn(
    C,
    'fromSeconds',
    'Seconds as a time.',
    [ms],
    (c) => call('int.mul', 'int', [c.int(0), lit(1000n, 'int')]),
    [ex('fromSeconds(5)', 5000)],
    { evidence: { observed: 'used in 71 published queries, documented nowhere' } },
  ),
]
