// SPL: the twelve traps with the text of an expert, and the meaning of every written condition.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import { all, any, not } from '../shared/condition.ts'
import { and3, type Node, not3, or3, parseExpression, type Truth } from '../shared/expression-fixtures.ts'
import { compare, condition, type Event, event, holds, inNetwork } from '../shared/meaning-fixtures.ts'
import type { Condition, EventDetection, PortableDetection } from '../shared/portable.ts'
import type { TargetVocabulary } from '../shared/target.ts'
import { events, grouped, is, network, ordered, regex, traps } from '../shared/traps-fixtures.ts'
import { addOns } from './vocabularies/add-ons.ts'
import { cim } from './vocabularies/cim.ts'
import { write } from './write.ts'

function text(d: PortableDetection, vocabulary: TargetVocabulary = addOns): string {
  const found = write(d, vocabulary)
  return 'reason' in found ? `refused: ${found.reason}` : found.text.trim()
}
const losses = (d: PortableDetection): string[] => {
  const found = write(d, addOns)
  return 'reason' in found ? [] : found.losses.map((l) => l.kind)
}
const SYSMON = 'index=* source="*WinEventLog:Microsoft-Windows-Sysmon/Operational" EventCode=1'
const process = (c: Condition): EventDetection => events(c, { category: 'process_creation', product: 'windows' })
/** Without the terms of the source. */
const where = (d: PortableDetection): string => text(d).slice(SYSMON.length).trim()

test('twelve traps', () => {
  assert.equal(
    text(traps.oneCharacter),
    `${SYSMON} Image="*\\\\agent-v*.exe"\n| regex Image="(?is)\\\\\\\\agent-v.\\.exe\\z"`,
  )
  assert.equal(where(traps.realStar), 'CommandLine="*/tn *"\n| where like(lower(CommandLine), "%/tn *%")')
  assert.equal(where(traps.starInside), 'CommandLine IN ("*--url*--out*", "*zz-probe*")')
  assert.equal(where(traps.absentFilter), 'Image="*\\\\pwsh.exe" NOT ParentImage="C:\\\\Tools\\\\*"')
  assert.equal(where(traps.nullAndEmpty), 'NOT OriginalFileName=* Company=""')
  assert.equal(where(traps.regex), 'CommandLine=*\n| regex CommandLine="^cmd\\s+/c "')
  assert.equal(where(traps.lookAhead), 'CommandLine=*\n| regex CommandLine="^cmd\\s+/c (?!echo)"')
  assert.equal(where(traps.ranges), 'NOT (SourceIp="10.20.0.0/16" OR SourceIp="fe80::/10")')
  assert.equal(where(traps.casedText), 'CommandLine="*IEX*"\n| where match(CommandLine, "IEX")')
  assert.equal(
    text(traps.keywords),
    'index=* sourcetype IN ("syslog", "linux_secure", "linux_messages_syslog") "*drop table*" "*x_cmd*"',
  )
  assert.equal(where(traps.direction), 'Initiated="true" DestinationPort>=49152')
  assert.equal(
    text(traps.failures),
    `\`\`\`Schedule: every 5m over the last 15m; suppress by IpAddress, TargetUserName for 10m\`\`\`
index=* source="*WinEventLog:Security" EventCode=4625
| sort 0 _time
| streamstats time_window=10m count as n by IpAddress TargetUserName
| where n>=20
| stats max(n) as n min(_time) as first max(_time) as last by IpAddress TargetUserName`,
  )
  assert.equal(
    text(traps.ordered),
    `\`\`\`Schedule: every 5m over the last 10m; suppress by TargetUserName for 5m\`\`\`
index=* source="*WinEventLog:Security" EventCode IN (4625, 4624)
| sort 0 _time
| eval rule0=if(EventCode="4625", 1, 0),
    rule1=if(EventCode="4624", 1, 0),
    start0=if(rule0=1, _time, null())
| streamstats time_window=5m current=f max(start0) as before by TargetUserName
| eval start1=if(rule1=1, before, null())
| where isnotnull(start1) AND _time-start1<=300
| eval first=start1
| stats min(first) as first max(_time) as last by TargetUserName`,
  )
})

test('the information model', () => {
  assert.equal(text(traps.starInside, cim), 'tag=process tag=report process IN ("*--url*--out*", "*zz-probe*")')
  assert.equal(text(traps.direction, cim), 'tag=network tag=communicate direction="outbound" dest_port>=49152')
  assert.match(text(traps.nullAndEmpty, cim), /^refused: .*no field for Company$/)
})

test('conversions that are known to be wrong', () => {
  const cases: readonly (readonly [wrong: string, Condition, right: string])[] = [
    ['a literal star', is('CommandLine', 'a\\*b'), 'CommandLine="a*b"\n| where lower(CommandLine)="a*b"'],
    ['? as a star', is('CommandLine', '*a?b'), 'CommandLine="*a*b"\n| regex CommandLine="(?is)a.b\\z"'],
    [
      'a regex beside OR',
      any(regex('CommandLine', 'z'), is('User', 'x')),
      '(CommandLine=* OR User="x")\n| where match(CommandLine, "z") OR lower(User)="x"',
    ],
    [
      'a negated regex',
      not(all(is('User', 'x'), regex('CommandLine', 'z'))),
      '| where NOT (lower(coalesce(User, ""))="x" AND match(coalesce(CommandLine, ""), "z"))',
    ],
    [
      'two patterns alone',
      all(regex('User', 'a'), regex('CommandLine', 'b')),
      'User=* CommandLine=*\n| regex User="a"\n| regex CommandLine="b"',
    ],
    [
      'a network beside OR',
      any(network('SourceIp', '10.0.0.0/8'), is('User', 'x')),
      '(SourceIp="10.0.0.0/8" OR User="x")',
    ],
    ['!= for not', not(is('User', 'x')), 'NOT User="x"'],
  ]
  for (const [wrong, c, right] of cases) assert.equal(where(process(c)), right, wrong)
})

// ── the meaning of the written conditions ──

/** The search command: no case, `*`, brackets, OR before AND; the rest of the lines are commands. */
class Search {
  readonly #tokens: { readonly kind: string; readonly text: string }[]
  #i = 0
  constructor(text: string) {
    this.#tokens = [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|(!=|<=|>=|[=<>(),])|([^\s=<>(),"!]+)|(\s+)/g)]
      .filter((m) => m[4] === undefined)
      .map((m) =>
        m[1] !== undefined
          ? { kind: 'text', text: m[1].replace(/\\(["\\])/g, '$1') }
          : m[2]
            ? { kind: 'sign', text: m[2] }
            : { kind: 'word', text: m[3] as string },
      )
  }
  #is = (text: string): boolean => this.#tokens[this.#i]?.kind !== 'text' && this.#tokens[this.#i]?.text === text
  run(e: Event): boolean {
    const found = this.#and(e)
    assert.equal(this.#i, this.#tokens.length)
    return found
  }
  #and(e: Event): boolean {
    let found = true
    while (this.#i < this.#tokens.length && !this.#is(')')) found = this.#or(e) && found
    return found
  }
  #or(e: Event): boolean {
    let found = this.#term(e)
    while (this.#is('OR')) {
      this.#i++
      found = this.#term(e) || found
    }
    return found
  }
  #term(e: Event): boolean {
    if (this.#is('NOT')) {
      this.#i++
      return !this.#term(e)
    }
    if (this.#is('(')) {
      this.#i++
      const found = this.#and(e)
      this.#i++
      return found
    }
    if (this.#is('*')) {
      this.#i++
      return true
    }
    const name = this.#take()
    const op = this.#take()
    if (op === 'IN') {
      this.#take()
      const values: string[] = []
      while (!this.#is(')')) {
        values.push(this.#take())
        if (this.#is(',')) this.#i++
      }
      this.#i++
      return values.some((v) => this.#fits(e[name], v))
    }
    const value = this.#take()
    if (op === '=')
      return /^[\d.]+\/\d+$|^[\da-f:]+\/\d+$/i.test(value) ? inNetwork(e[name], value) : this.#fits(e[name], value)
    return e[name] !== undefined && compare(op, Number(e[name]), Number(value))
  }
  #take(): string {
    return this.#tokens[this.#i++]?.text ?? ''
  }
  #fits(value: string | undefined, pattern: string): boolean {
    const re = pattern
      .split('*')
      .map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*')
    return value !== undefined && new RegExp(`^${re}$`, 'i').test(value)
  }
}

const GRAMMAR = {
  unescape: (c: string) => (c === '"' || c === '\\' ? c : undefined),
  nameQuote: "'",
  operators: ['=', '<=', '>=', '<', '>', '!='],
} as const

/** PCRE as JavaScript: `(?is)` in front, `\z` at the end. */
function pcre(pattern: string): RegExp {
  const inline = /^\(\?([a-z]+)\)/.exec(pattern)
  return new RegExp(pattern.slice(inline?.[0].length ?? 0).replace(/\\z$/, '$'), inline?.[1] ?? '')
}

type Value = boolean | null | number | string
function evaluate(n: Node, e: Event): Value {
  switch (n.kind) {
    case 'text':
      return n.value
    case 'number':
      return n.value
    case 'name':
      return Object.hasOwn(e, n.name) ? (e[n.name] as string) : null
    case 'not':
      return not3(evaluate(n.of, e) as Truth)
    case 'list':
      throw new Error('a list alone')
    case 'op': {
      const [a, b] = [evaluate(n.left, e), evaluate(n.right, e)]
      if (n.op === 'AND') return and3(a as Truth, b as Truth)
      if (n.op === 'OR') return or3(a as Truth, b as Truth)
      if (a === null || b === null) return null
      if (n.op === '+') return Number(a) + Number(b)
      if (n.op === '-') return Number(a) - Number(b)
      return typeof a === 'number' || typeof b === 'number' ? compare(n.op, Number(a), Number(b)) : a === b
    }
    case 'call': {
      const args = n.args.map((x) => evaluate(x, e))
      const [a = null, b = null, c = null] = args
      const texts = [String(a), String(b)] as const
      if (n.name === 'true' || n.name === 'false') return n.name === 'true'
      if (n.name === 'isnull' || n.name === 'isnotnull') return (a === null) === (n.name === 'isnull')
      if (n.name === 'coalesce') return a ?? b
      if (a === null) return null
      switch (n.name) {
        case 'tonumber':
          return texts[0].trim() === '' || Number.isNaN(Number(a)) ? null : Number(a)
        case 'lower':
          return texts[0].toLowerCase()
        case 'len':
          return texts[0].length
        case 'substr': {
          const begin = Number(b) > 0 ? Number(b) - 1 : texts[0].length + Number(b)
          return c === null && n.args.length === 3
            ? null
            : texts[0].slice(begin, c === null ? undefined : begin + Number(c))
        }
        case 'mvcount':
          return Number(a)
        case 'split':
          return b === null ? null : texts[0].split(texts[1]).length + (b === '' ? 2 : 0)
        case 'in':
          return args.slice(1).includes(a)
        case 'match':
          return b === null ? null : pcre(texts[1]).test(texts[0])
        case 'like':
          return new RegExp(
            `^${texts[1]
              .split('%')
              .map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
              .join('[^]*')}$`,
          ).test(texts[0])
        case 'cidrmatch':
          return inNetwork(texts[1], texts[0])
        default:
          throw new Error(`no function ${n.name}`)
      }
    }
  }
}

function finds(written: string, e: Event): boolean {
  const [search = '', ...commands] = written.split(/\n\| (?=regex |where )/)
  if (!new Search(search.replace(/^index=\*/, '')).run(e)) return false
  return commands.every((c) => {
    if (c.startsWith('where ')) return evaluate(parseExpression(c.slice(6), GRAMMAR), e) === true
    const [, name = '', quoted = ''] = /^regex (\w+)="([\s\S]*)"\s*$/.exec(c) ?? []
    return e[name] !== undefined && pcre(quoted.replace(/\\(["\\])/g, '$1')).test(e[name] as string)
  })
}

test('a written search finds the events for which the detection holds', () => {
  fc.assert(
    fc.property(condition, event, (c, e) => {
      const found = write(events(c), addOns)
      assert.ok('text' in found)
      assert.equal(finds(found.text.trim(), e), holds(c, e), found.text)
    }),
    { numRuns: runs(1500) },
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
    /\| sort 0 - num\(IntegrityLevel\) \+ str\(Image\)$/,
  )
})
