// KQL: the twelve traps with the text of an expert, and the meaning of every written condition.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import { all, any, not, simplified } from '../shared/condition.ts'
import { and3, type Node, not3, or3, parseExpression, type Truth } from '../shared/expression-fixtures.ts'
import { compare, condition, type Event, event, holds, inNetwork } from '../shared/meaning-fixtures.ts'
import type { Condition, EventDetection, PortableDetection } from '../shared/portable.ts'
import { Losses, type TargetVocabulary } from '../shared/target.ts'
import { events, grouped, is, network, number, ordered, regex, traps } from '../shared/traps-fixtures.ts'
import { conditionText } from './conditions.ts'
import { asim } from './vocabularies/asim.ts'
import { defender } from './vocabularies/defender.ts'
import { write } from './write.ts'

function text(d: PortableDetection, vocabulary: TargetVocabulary = defender): string {
  const found = write(d, vocabulary)
  return 'reason' in found ? `refused: ${found.reason}` : found.text.trim()
}
const losses = (d: PortableDetection, vocabulary: TargetVocabulary = defender): string[] => {
  const found = write(d, vocabulary)
  return 'reason' in found ? [] : found.losses.map((l) => l.kind)
}
/** The lines after the table and its events. */
const where = (d: PortableDetection): string => text(d).split('\n').slice(2).join('\n')
const process = (c: Condition): EventDetection => events(c, { category: 'process_creation', product: 'windows' })

test('twelve traps', () => {
  assert.equal(where(traps.oneCharacter), '| where FolderPath matches regex @"(?is)\\\\agent-v.\\.exe$"')
  assert.equal(where(traps.realStar), '| where ProcessCommandLine contains "/tn *"')
  assert.equal(
    where(traps.starInside),
    '| where ProcessCommandLine matches regex "(?is)--url.*--out" or ProcessCommandLine contains "zz-probe"',
  )
  assert.equal(
    where(traps.absentFilter),
    '| where FolderPath endswith @"\\pwsh.exe" and not(InitiatingProcessFolderPath startswith @"C:\\Tools\\")',
  )
  assert.equal(
    where(traps.nullAndEmpty),
    '| where isempty(ProcessVersionInfoOriginalFileName) and isempty(ProcessVersionInfoCompanyName)',
  )
  assert.deepEqual(losses(traps.nullAndEmpty, asim), ['null-or-empty', 'null-or-empty'])
  assert.equal(where(traps.regex), '| where ProcessCommandLine matches regex @"^cmd\\s+/c "')
  assert.equal(text(traps.lookAhead), "refused: the pattern has look-around, which KQL's regular expressions lack")
  assert.equal(
    text(traps.ranges, asim),
    `_Im_NetworkSession()
| where EventType == "EndpointNetworkSession"
| where not(coalesce(ipv4_is_in_range(SrcIpAddr, "10.20.0.0/16"), false)
        or coalesce(ipv6_is_in_range(SrcIpAddr, "fe80::/10"), false))`,
  )
  assert.equal(where(traps.casedText), '| where ProcessCommandLine contains_cs "IEX"')
  assert.equal(text(traps.keywords), 'Syslog\n| where * contains "drop table" and * contains "x_cmd"')
  assert.deepEqual(losses(traps.keywords), ['keyword-columns'])
  assert.equal(
    text(traps.direction),
    `DeviceNetworkEvents
| where ActionType in ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt")
    and RemotePort >= 49152`,
  )
  assert.deepEqual(losses(traps.direction), ['platform', 'role'])
  assert.equal(
    text(traps.failures),
    `// Schedule: every 5m over the last 10m
SecurityEvent
| where TimeGenerated > ago(10m)
| where EventID == 4625
| where isnotempty(IpAddress) and isnotempty(TargetUserName)
| project Time = TimeGenerated, IpAddress, TargetUserName
| summarize n = count(), FirstSeen = min(Time), LastSeen = max(Time) by IpAddress, TargetUserName
| where n >= 20`,
  )
  assert.deepEqual(losses(traps.failures), ['window-runs'])
  assert.equal(
    text(traps.ordered),
    `// Schedule: every 5m over the last 10m
let rule0 = SecurityEvent
| where TimeGenerated > ago(10m)
| where EventID == 4625
| where isnotempty(TargetUserName)
| project t0 = TimeGenerated, TargetUserName;
let rule1 = SecurityEvent
| where TimeGenerated > ago(10m)
| where EventID == 4624
| where isnotempty(TargetUserName)
| project t1 = TimeGenerated, TargetUserName;
rule0
| join kind=inner rule1 on TargetUserName
| where t1 between (t0 .. t0 + 5m)
| summarize FirstSeen = max(t0) by TargetUserName, LastSeen = t1`,
  )
})

test('conversions that are known to be wrong', () => {
  const cases: readonly (readonly [wrong: string, Condition, right: string])[] = [
    ['a star searched as a character', is('CommandLine', 'a*b'), 'ProcessCommandLine matches regex "(?is)^a.*b$"'],
    [
      'two values of all as has_all',
      all(is('CommandLine', 'a'), is('CommandLine', 'b')),
      'ProcessCommandLine =~ "a" and ProcessCommandLine =~ "b"',
    ],
    ['isnull of a text', not({ kind: 'exists', field: 'CommandLine' }), 'isempty(ProcessCommandLine)'],
    ['contains as has', is('CommandLine', '*-enc*'), 'ProcessCommandLine contains "-enc"'],
    ['numbers as texts', is('ProcessId', '1', '4688'), 'ProcessId in (1, 4688)'],
    ['a path ends in a backslash', is('Image', 'C:\\x\\'), 'FolderPath =~ @"C:\\x\\"'],
    [
      'a user as one field',
      is('User', 'NT AUTHORITY\\SYSTEM'),
      'AccountDomain =~ "NT AUTHORITY" and AccountName =~ "SYSTEM"',
    ],
  ]
  for (const [wrong, c, right] of cases) assert.equal(where(process(c)), `| where ${right}`, wrong)
  const connection = (c: Condition) => text(events(c, { category: 'network_connection', product: 'windows' }))
  assert.match(connection(is('Initiated', 'true')), /ActionType in \("ConnectionSuccess"/, 'Initiated is kept')
  assert.match(
    connection(is('Initiated', 'maybe')),
    /^WindowsEvent[\s\S]*EventData\.Initiated/,
    'another table has the text',
  )
  const file = (c: Condition, v: TargetVocabulary) => text(events(c, { category: 'file_event', product: 'windows' }), v)
  assert.match(
    file(all(is('TargetFilename', '*\\a.txt'), is('Image', '*\\b.exe')), asim),
    /TargetFilePath endswith @"\\a.txt" and ActingProcessName endswith/,
  )
  const registry = text(
    events(is('TargetObject', 'HKLM\\Software\\Run\\*'), { category: 'registry_set', product: 'windows' }),
  )
  assert.match(registry, /extend TargetObject = iff\(isempty\(RegistryValueName\), RegistryKey, strcat/)
  const data = (value: string) => text(events(is('Details', value), { category: 'registry_set', product: 'windows' }))
  assert.match(data('QWORD (0x00000000-0x00000001)'), /RegistryValueData == "1"$/)
  assert.match(registry, /\n\| where TargetObject =~ @"HKEY_LOCAL_MACHINE\\Software\\Run\*"$/)
})

test('a field that the table lacks is refused, or another table of the platform has it', () => {
  assert.match(
    text(process(is('CurrentDirectory', 'C:\\x'))),
    /^WindowsEvent\n[\s\S]*tostring\(EventData\.CurrentDirectory\) =~ @"C:\\x"/,
  )
  assert.match(
    text(process(is('ParentImage', '*\\x')), { ...defender, sources: defender.sources.slice(0, 0) }),
    /^refused: no table for the log source windows\/process_creation/,
  )
  assert.match(text(events(is('a', 'b'))), /^refused: a KQL query begins with a table/)
})

// ── the meaning of the written conditions ──

const GRAMMAR = {
  unescape: (c: string): string | undefined =>
    ({ n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' })[c] ??
    (c.startsWith('u') ? String.fromCharCode(Number.parseInt(c.slice(1), 16)) : undefined),
  raw: 'at',
  operators: [
    '==',
    '=~',
    '!=',
    '!~',
    '<=',
    '>=',
    '<',
    '>',
    'in',
    'in~',
    'contains',
    'contains_cs',
    'startswith',
    'startswith_cs',
    'endswith',
    'endswith_cs',
  ],
} as const

/** A text is never null; a column of numbers can be. */
type Value = boolean | null | number | string
function evaluate(n: Node, e: Event): Value {
  switch (n.kind) {
    case 'text':
      return n.value
    case 'number':
      return n.value
    case 'name':
      if (n.name === 'true' || n.name === 'false') return n.name === 'true'
      return n.name === 'Port' ? (e['Port'] === undefined ? null : Number(e['Port'])) : (e[n.name] ?? '')
    case 'not':
      return not3(evaluate(n.of, e) as Truth)
    case 'call': {
      const [a, ...networks] = n.args.map((x) => evaluate(x, e))
      const [b] = networks
      if (n.name === 'not') return not3(a as Truth)
      if (n.name === 'coalesce') return a ?? (b as Value)
      if (n.name === 'isempty' || n.name === 'isnotempty') return (a === '') === (n.name === 'isempty')
      if (n.name === 'isnull' || n.name === 'isnotnull') return (a === null) === (n.name === 'isnull')
      if (/^ipv[46]_is_in_(?:any_)?range$/.test(n.name)) {
        const fits = n.name.startsWith('ipv4') ? /^[\d.]+$/ : /:/
        return fits.test(String(a)) ? networks.some((of) => inNetwork(String(a), String(of))) : null
      }
      throw new Error(`no function ${n.name}`)
    }
    case 'list':
      throw new Error('a list alone')
    case 'op': {
      if (n.op === 'AND') return and3(evaluate(n.left, e) as Truth, evaluate(n.right, e) as Truth)
      if (n.op === 'OR') return or3(evaluate(n.left, e) as Truth, evaluate(n.right, e) as Truth)
      const left = evaluate(n.left, e)
      if (n.right.kind === 'list') {
        const fold = (v: Value) => (n.op === 'IN~' ? String(v).toLowerCase() : v)
        return n.right.of.some((x) => fold(evaluate(x, e)) === fold(left))
      }
      return operate(n.op, left, evaluate(n.right, e))
    }
  }
}

function operate(op: string, left: Value, right: Value): Truth {
  if (typeof right === 'number') {
    if (left === null) return op === '!=' ? true : op === '==' ? false : null
    return op === '!=' ? left !== right : compare(op === '==' ? '=' : op, Number(left), right)
  }
  const [a, b] = [String(left), String(right)]
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  const inline = /^\(\?([a-z]+)\)/.exec(b)
  switch (op) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '=~':
      return x === y
    case '!~':
      return x !== y
    case 'CONTAINS':
      return x.includes(y)
    case 'STARTSWITH':
      return x.startsWith(y)
    case 'ENDSWITH':
      return x.endsWith(y)
    case 'CONTAINS_CS':
      return a.includes(b)
    case 'STARTSWITH_CS':
      return a.startsWith(b)
    case 'ENDSWITH_CS':
      return a.endsWith(b)
    case 'REGEX':
      return new RegExp(b.slice(inline?.[0].length ?? 0), inline?.[1] ?? '').test(a)
    default:
      throw new Error(`no operator ${op}`)
  }
}

test('a written condition holds for the events for which the detection holds', () => {
  fc.assert(
    fc.property(condition, event, (c, e) => {
      fc.pre(!hasEmpty(c))
      const written = conditionText(simplified(c), {
        type: (n) => (n === 'Port' ? 'number' : 'text'),
        losses: new Losses(),
      })
      // The platform has no empty texts beside absent ones, so the event has none.
      const full = Object.fromEntries(Object.entries(e).filter(([, v]) => v !== ''))
      assert.equal(evaluate(parseExpression(withoutDynamic(written), GRAMMAR), full) === true, holds(c, full), written)
    }),
    { numRuns: runs(1500) },
  )
})

/** `dynamic(["10.0.0.0/8", "fe80::/10"])` as further arguments of the function around it. */
const withoutDynamic = (text: string): string => text.replace(/dynamic\(\[([^\]]*)\]\)/g, '$1')

/** A test that fits the empty text, which an absent one becomes. */
function hasEmpty(c: Condition): boolean {
  if (c.kind === 'all' || c.kind === 'any') return c.of.some(hasEmpty)
  if (c.kind === 'not') return hasEmpty(c.of)
  return (c.kind === 'text' || c.kind === 'regex') && holds(c, { [c.field]: '' })
}

test('examples of the conditions', () => {
  const one = (c: Condition): string =>
    conditionText(c, { type: (n) => (n === 'Port' ? 'number' : 'text'), losses: new Losses() })
  assert.equal(one(not(number('Port', '>', 5))), 'isnull(Port) or Port <= 5')
  assert.equal(
    one(not(all(is('Image', 'a'), number('Port', '>', 5)))),
    'not(Image =~ "a" and coalesce(Port > 5, false))',
  )
  assert.equal(
    one(any(network('Ip', '10.0.0.0/8'), is('Image', 'x'))),
    'coalesce(ipv4_is_in_range(Ip, "10.0.0.0/8"), false) or Image =~ "x"',
  )
  assert.equal(one(is('my field', 'it"s')), `['my field'] =~ "it\\"s"`)
  assert.equal(one(is('where', 'x')), `['where'] =~ "x"`)
  assert.equal(one(regex('Image', 'a(?=b)?'.replace('(?=b)?', ''), 'i')), 'Image matches regex "(?i)a"')
  assert.equal(
    one({ kind: 'fields', left: 'Image', right: 'User', how: 'equals', cased: false }),
    '(isnotempty(Image) and isnotempty(User) and Image =~ User)',
  )
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
    /\| sort by toreal\(tostring\(EventData\.IntegrityLevel\)\) desc, tostring\(EventData\.Image\) asc$/,
  )
})
