import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAmbiguous } from './ambiguity.ts'
import { parseRegex } from './parse.ts'
import { runner } from './run.ts'

function ambiguous(pattern: string): boolean {
  const parsed = parseRegex(pattern, '')
  assert.ok(parsed.ok, pattern)
  return isAmbiguous(parsed.regex.root)
}

test('a loop that reads one text in several ways is ambiguous', () => {
  const patterns = [
    ['(a+)+', true],
    ['(a*)*$', true],
    ['(?:\\w+\\.?)+@', true],
    ['(a|ab?)*c', true],
    ['(a|a)*b', true],
    ['(a|ab|b)*c', true],
    ['(?:a?b?)*c', true],
    ['((?:[a-z]+\\s*)+):', true],
    ['(?:x{1,50}){2,50}', true],
  ] as const
  for (const [pattern, expected] of patterns) assert.equal(ambiguous(pattern), expected, pattern)
})

test('loops with a separator, and repetitions side by side, are not', () => {
  const patterns = [
    '\\w+(?:\\.\\w+)*@\\w+',
    '(?:\\d{1,3}\\.){3}\\d{1,3}',
    '(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\.){3}x',
    '(?:[^"\\\\]|\\\\.)*',
    '.*foo.*bar.*',
    '\\d+\\d+',
    '(?:\\w+\\s)+x',
    '^(?:GET|PUT|POST) (?<path>\\S+)',
    '(?:ab|cd)*',
    '[a-z]+[0-9]+',
  ]
  for (const pattern of patterns) assert.equal(ambiguous(pattern), false, pattern)
})

test('an ambiguous pattern runs where it cannot backtrack, with the same answer', () => {
  const engineOf = (pattern: string) => {
    const parsed = parseRegex(pattern, '')
    assert.ok(parsed.ok)
    return runner(parsed.regex)
  }
  assert.equal(engineOf('(?:a+)+b')?.engine, 're2js')
  assert.equal(engineOf('(?:a+)+b')?.test('xaab'), true)
  assert.equal(engineOf('a+b')?.engine, 'v8')
  // RE2 has no look-around, so the pattern stays on V8.
  assert.equal(engineOf('(?:a+)+(?=b)')?.engine, 'v8')
})
