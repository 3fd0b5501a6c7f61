// A pattern of ours that meets text of others takes time in proportion to it: on twice as long a run of one unit, about twice the time. Only
// literals are tried, and patterns that are made of parts are not.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const KNOWN: Readonly<Record<string, string>> = {
  'core/lang/cql/write/condition.ts': 'a pattern of a query, which was parsed before',
  'core/logs/vendors/cisco/asa-patterns.ts': 'tried at one place only, or on sources of ours',
  'core/text/thousands.ts': 'digits of a whole number',
  'engine/inputs/glob.ts': 'an argument of the command line',
}

const LITERAL =
  /(?<=^\s*|[(,=:[!&|?{};]\s*|return )\/(?![*/])((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuv]*)(?!\w)/g
const SINGLE = ' ,\t,\n,\r,a,A,_,0,1,",\',`,\\,=,.,-,(,[,{,<,&,:,;,/,%,|,@,*,#,$'.split(',')
const UNITS = [...SINGLE, ',', 'a ', ' a', 'a=', '1.', 'a.', 'a1', '1:', 'a="', "a='", '" ', '{{', '[[', '(a', '/ ']
const LENGTH = 12_000
/** Shorter times are too much by chance. Milliseconds. */
const COUNTS = 25
const SQUARE = 2.8

/** Undefined: a slash that began no pattern. */
function patternOf(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

function timeOf(pattern: RegExp, text: string): number {
  const before = process.cpuUsage()
  if (pattern.global) text.replace(pattern, '')
  else pattern.test(text)
  return process.cpuUsage(before).user / 1000
}

/** The unit on which the pattern takes more than its share. */
function slowOn(pattern: RegExp): string | undefined {
  return UNITS.find((unit) => {
    const run = (length: number): string => `${unit.repeat(Math.ceil(length / unit.length))}\x01`
    const isSquare = (): boolean => {
      const once = timeOf(pattern, run(LENGTH))
      return once > COUNTS && timeOf(pattern, run(2 * LENGTH)) > SQUARE * once
    }
    return isSquare() && isSquare()
  })
}

for (const room of ['core/logs', 'core/lang', 'core/lint', 'core/text', 'core/detect', 'engine']) {
  test(`patterns of ${room} take time in proportion to the text`, () => {
    const slow: string[] = []
    const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).map((f) => `${room}/${f}`)
    for (const file of files.filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && KNOWN[f] === undefined)) {
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) continue
        for (const [whole, source = '', flags = ''] of line.matchAll(LITERAL)) {
          const pattern = patternOf(source, flags)
          const unit = pattern && slowOn(pattern)
          if (unit !== undefined) slow.push(`${file}: ${whole} on ${JSON.stringify(unit)}`)
        }
      }
    }
    assert.deepEqual(slow, [])
  })
}
