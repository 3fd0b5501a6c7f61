// ES|QL: the twelve traps with the text of an expert, and the meaning of every written condition.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import { all, any, not, simplified } from '../shared/condition.ts'
import { and3, type Node, not3, or3, parseExpression, type Truth } from '../shared/expression-fixtures.ts'
import { compare, condition, type Event, event, holds, inNetwork } from '../shared/meaning-fixtures.ts'
import type { Condition, EventDetection, PortableDetection } from '../shared/portable.ts'
import { Losses } from '../shared/target.ts'
import { cased, events, grouped, is, ordered, regex, traps } from '../shared/traps-fixtures.ts'
import { conditionText } from './conditions.ts'
import { lucenePattern } from '../shared/lucene.ts'
import { ecs } from '../shared/ecs.ts'
import { write } from './write.ts'

function text(d: PortableDetection): string {
  const found = write(d, ecs)
  return 'reason' in found ? `refused: ${found.reason}` : found.text.trim()
}
const losses = (d: PortableDetection): string[] => {
  const found = write(d, ecs)
  return 'reason' in found ? [] : found.losses.map((l) => l.kind)
}
/** The lines after the index and its events. */
const where = (d: PortableDetection): string => text(d).split('\n').slice(2).join('\n')
const process = (c: Condition): EventDetection => events(c, { category: 'process_creation', product: 'windows' })

test('twelve traps', () => {
  assert.equal(
    text(traps.oneCharacter),
    `FROM logs-endpoint.events.process-*, logs-windows.sysmon_operational-*, winlogbeat-*
| WHERE event.category : "process" AND event.type : "start" AND host.os.type : "windows"
| WHERE TO_LOWER(process.executable) LIKE """*\\\\agent-v?.exe"""`,
  )
  assert.equal(where(traps.realStar), '| WHERE TO_LOWER(process.command_line) LIKE """*/tn \\**"""')
  assert.equal(where(traps.starInside), '| WHERE TO_LOWER(process.command_line) LIKE ("*--url*--out*", "*zz-probe*")')
  assert.equal(
    where(traps.absentFilter),
    `| WHERE ENDS_WITH(TO_LOWER(process.executable), "\\\\pwsh.exe")
    AND NOT COALESCE(STARTS_WITH(TO_LOWER(process.parent.executable), "c:\\\\tools\\\\"), FALSE)`,
  )
  assert.equal(where(traps.nullAndEmpty), '| WHERE process.pe.original_file_name IS NULL AND process.pe.company == ""')
  // A tab in three quotes would be a backslash and a t, which Lucene reads as the letter t.
  assert.equal(where(traps.regex), '| WHERE process.command_line RLIKE "cmd[\\t-\\r ]+/c .*"')
  assert.equal(text(traps.lookAhead), "refused: the pattern has look-around, which Lucene's regular expressions lack")
  assert.equal(where(traps.ranges), '| WHERE NOT COALESCE(CIDR_MATCH(source.ip, "10.20.0.0/16", "fe80::/10"), FALSE)')
  assert.equal(where(traps.casedText), '| WHERE process.command_line LIKE "*IEX*"')
  assert.match(
    text(traps.keywords),
    /\| WHERE TO_LOWER\(message\) LIKE "\*drop table\*" AND TO_LOWER\(message\) LIKE "\*x_cmd\*"$/,
  )
  assert.deepEqual(losses(traps.keywords), ['keyword-columns'])
  assert.equal(
    where(traps.direction),
    '| WHERE network.direction IN ("egress", "outbound") AND destination.port >= 49152',
  )
  assert.equal(
    text(traps.failures),
    `// Schedule: every 5m over the last 10m
FROM logs-system.*, logs-windows.*, winlogbeat-*
| WHERE @timestamp > NOW() - 10 minutes
| WHERE winlog.channel : "Security"
| WHERE event.code == "4625"
| WHERE winlog.event_data.IpAddress IS NOT NULL AND winlog.event_data.TargetUserName IS NOT NULL
| STATS n = COUNT(*), first = MIN(@timestamp), last = MAX(@timestamp) BY winlog.event_data.IpAddress, winlog.event_data.TargetUserName
| WHERE n >= 20`,
  )
  assert.match(
    text(traps.ordered),
    /t1 = MAX\(CASE\(event\.code == "4624", @timestamp, NULL\)\)\n {4}BY winlog\.event_data\.TargetUserName\n\| WHERE t1 >= t0$/,
  )
  assert.deepEqual(losses(traps.ordered), ['window-runs', 'event-order'])
})

test('conversions that are known to be wrong', () => {
  const cases: readonly (readonly [wrong: string, Condition, right: string])[] = [
    ['case is kept', is('Image', '*\\PwSh.exe'), 'ENDS_WITH(TO_LOWER(process.executable), "\\\\pwsh.exe")'],
    ['a star in == is escaped', is('CommandLine', 'a\\*', 'b'), 'TO_LOWER(process.command_line) IN ("a*", "b")'],
    ['exists as null', { kind: 'exists', field: 'CommandLine' }, 'process.command_line IS NOT NULL'],
    [
      'a backslash eats the wildcard',
      { kind: 'text', field: 'Image', parts: [{ text: 'C:\\T\\' }, { wild: '*' }], cased: false },
      'STARTS_WITH(TO_LOWER(process.executable), "c:\\\\t\\\\")',
    ],
    ['an anchor in RLIKE', regex('CommandLine', '^a'), 'process.command_line RLIKE "a.*"'],
    ['a flag in RLIKE', regex('CommandLine', '(?i)^AB$'), 'TO_LOWER(process.command_line) RLIKE "ab"'],
    [
      'a user as one field',
      is('User', 'NT AUTHORITY\\SYSTEM'),
      'TO_LOWER(user.domain) == "nt authority" AND TO_LOWER(user.name) == "system"',
    ],
    ['equality of a cased star', cased('CommandLine', '*A*'), 'process.command_line LIKE "*A*"'],
  ]
  for (const [wrong, c, right] of cases) assert.equal(where(process(c)), `| WHERE ${right}`, wrong)
  const registry = (value: string) =>
    text(events(is('Details', value), { category: 'registry_set', product: 'windows' }))
      .split('\n')
      .at(-1)
  assert.match(
    registry('DWORD (0x0000000a)') ?? '',
    / LIKE "\*\\n10\\n\*"$/,
    'a number of the registry as Sysmon writes it',
  )
  assert.match(registry('QWORD (0x00000001-0x00000002)') ?? '', /\\n4294967298\\n/)
  assert.match(registry('Binary Data') ?? '', /^refused: Details: ECS has the data without its type/)
  const both = text({ ...traps.failures, of: [...traps.failures.of, ...traps.failures.of], groupBy: [] })
  assert.equal(both.match(/winlogbeat/g)?.length, 1, 'an index is listed once')
})

test('fields of several values are compared value by value', () => {
  const dns = (c: Condition) =>
    text(events(c, { category: 'dns', product: 'zeek' }))
      .split('\n')
      .at(-1)
  assert.equal(
    dns(is('answer', '10.0.0.1')),
    '| WHERE CONCAT("\\n", MV_CONCAT(dns.answers.data, "\\n"), "\\n") LIKE "*\\n10.0.0.1\\n*"',
  )
  assert.equal(
    dns(is('answer', '*x*', '*y*')),
    '| WHERE TO_LOWER(MV_CONCAT(dns.answers.data, "\\n")) LIKE ("*x*", "*y*")',
  )
})

// ── the meaning of the written conditions ──

const GRAMMAR = {
  unescape: (c: string) => ({ n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' })[c],
  raw: 'triple',
  nameQuote: '`',
  operators: ['==', '<=', '>=', '<', '>', 'in', 'like', 'rlike'],
} as const

type Value = boolean | null | number | string

/** `*` and `?`; a backslash in front of anything but these and itself is an error of the platform. */
function likePattern(pattern: string): RegExp {
  const out = pattern.replace(/\\([\s\S]?)|([*?])|([\s\S])/g, (_, escaped?: string, wild?: string, plain?: string) => {
    if (escaped !== undefined) {
      if (!/^[\\*?]$/.test(escaped)) throw new Error(`LIKE has no escape \\${escaped}`)
      return `\\${escaped}`
    }
    return wild ? (wild === '*' ? '[^]*' : '[^]') : (plain as string).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${out}$`)
}

function evaluate(n: Node, e: Event): Value {
  switch (n.kind) {
    case 'text':
      return n.value
    case 'number':
      return n.value
    case 'name': {
      if (/^(?:TRUE|FALSE|NULL)$/.test(n.name)) return n.name === 'NULL' ? null : n.name === 'TRUE'
      const v = Object.hasOwn(e, n.name) ? (e[n.name] as string) : null
      return v !== null && n.name === 'Port' ? Number(v) : v
    }
    case 'not':
      return not3(evaluate(n.of, e) as Truth)
    case 'call': {
      const [a, b] = n.args.map((x) => evaluate(x, e))
      switch (n.name) {
        case 'COALESCE':
          return a ?? (b as Value)
        case 'isnull':
          return a === null
        case 'isnotnull':
          return a !== null
        case 'TO_LOWER':
          return a === null ? null : String(a).toLowerCase()
        case 'STARTS_WITH':
          return a === null || b === null ? null : String(a).startsWith(String(b))
        case 'ENDS_WITH':
          return a === null || b === null ? null : String(a).endsWith(String(b))
        case 'LOCATE':
          return a === null || b === null ? null : String(a).indexOf(String(b)) + 1
        case 'CIDR_MATCH':
          return a === null ? null : n.args.slice(1).some((x) => inNetwork(String(a), String(evaluate(x, e))))
        default:
          throw new Error(`no function ${n.name}`)
      }
    }
    case 'list':
      throw new Error('a list alone')
    case 'op': {
      if (n.op === 'AND') return and3(evaluate(n.left, e) as Truth, evaluate(n.right, e) as Truth)
      if (n.op === 'OR') return or3(evaluate(n.left, e) as Truth, evaluate(n.right, e) as Truth)
      const left = evaluate(n.left, e)
      if (left === null) return null
      if (n.right.kind === 'list') {
        const items = n.right.of.map((x) => evaluate(x, e))
        return items.some((i) => (n.op === 'LIKE' ? likePattern(String(i)).test(String(left)) : i === left))
      }
      const right = evaluate(n.right, e)
      if (right === null) return null
      if (n.op === 'LIKE') return likePattern(String(right)).test(String(left))
      if (n.op === 'RLIKE') return new RegExp(`^(?:${String(right)})$`, 's').test(String(left))
      return n.op === '==' ? left === right : compare(n.op, Number(left), Number(right))
    }
  }
}

test('a written condition holds for the events for which the detection holds', () => {
  const scope = {
    type: (n: string) => (n === 'Port' ? ('number' as const) : n === 'Ip' ? ('address' as const) : ('text' as const)),
    hasMany: () => false,
  }
  fc.assert(
    fc.property(condition, event, (c, e) => {
      const written = conditionText(simplified(c), { ...scope, losses: new Losses() })
      assert.equal(evaluate(parseExpression(written, GRAMMAR), e) === true, holds(c, e), written)
    }),
    { numRuns: runs(1500) },
  )
})

test('patterns of Lucene', () => {
  const cases: readonly (readonly [pattern: string, flags: string, lucene: string])[] = [
    ['a', '', '.*a.*'],
    ['^a$', '', 'a'],
    ['^a|b$', '', 'a.*|.*b'],
    ['(^a|b$)', '', 'a.*|.*b'],
    ['a.b', '', '.*a[^\n]b.*'],
    ['a.*b', 's', '.*a.*b.*'],
    ['\\d{2,}', '', '.*[0-9]{2,}.*'],
    ['a#b', '', '.*a\\#b.*'],
    ['(?:ab)+?', '', '.*(ab)+.*'],
  ]
  for (const [pattern, flags, lucene] of cases) assert.equal(lucenePattern(pattern, flags).pattern, lucene, pattern)
  assert.equal(lucenePattern('AB', 'i').folded, true)
  for (const bad of ['a\\b', '(?=a)', '(a)\\1', 'a(^b)c', 'a++'])
    assert.throws(() => lucenePattern(bad, ''), /which Lucene's regular expressions lack/)
})

test('brackets, not and lists', () => {
  const one = (c: Condition): string =>
    conditionText(c, { type: () => 'text', hasMany: () => false, losses: new Losses() })
  assert.equal(
    one(all(any(is('a', 'x'), is('b', 'y')), not(is('c', 'z')))),
    `(TO_LOWER(a) == "x" OR TO_LOWER(b) == "y") AND NOT COALESCE(TO_LOWER(c) == "z", FALSE)`,
  )
  assert.equal(one(is('odd name.x', '5')), '`odd name`.x == "5"')
})

test('a limit on groups is lost', () => {
  assert.ok(losses(grouped(200)).includes('group-limit'))
  assert.ok(!losses(grouped()).includes('group-limit'))
})

test('a text that is ordered as a number is read as one', () => {
  assert.match(
    text(ordered)
      .split('\n')
      .find((l) => /sort/i.test(l)) ?? '',
    /\| SORT TO_DOUBLE\(\S+\) DESC, process\.executable ASC$/,
  )
})
