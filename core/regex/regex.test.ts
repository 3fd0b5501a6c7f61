import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { literals, lowerText, matches, names, parseRegex, printRegex, type Regex, runner, support } from './regex.ts'
import { withShortEdges } from './edges.ts'
import { onRe2, onV8 } from './run.ts'
import { runs } from '../../tools/property-runs.ts'

const regex = (source: string, flags = ''): Regex => {
  const parsed = parseRegex(source, flags)
  assert.ok(parsed.ok, `${source}: ${parsed.ok ? '' : parsed.error.reason}`)
  return parsed.regex
}
const hits = (source: string, text: string, flags = ''): boolean =>
  runner(regex(source, flags), 'none')?.test(text) ?? false

/** Patterns of the syntax that all vendors share, so that re2js can run the printed text. */
const atom = fc.constantFrom(
  'a',
  'b',
  'k',
  'K',
  's',
  '1',
  ' ',
  '\\n',
  '.',
  '\\w',
  '\\W',
  '\\d',
  '\\s',
  '\\S',
  '[ab]',
  '[^ab]',
  '[a-c1]',
  '[[:alpha:]]',
  '\\b',
  '\\B',
  '^',
  '$',
  '\\A',
  '\\z',
  '\\x41',
  '\\.',
  'é',
  '\u{1F600}',
  '\\h',
  '\\R',
  '[^\\w\\n]',
  '\\Qa.\\E',
  '\\p{Lu}',
  '',
)
const quantifier = fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{2,}')
const { pattern } = fc.letrec<{ pattern: string; term: string; group: string }>((tie) => ({
  group: fc.oneof(
    tie('pattern').map((p) => `(${p})`),
    tie('pattern').map((p) => `(?:${p})`),
    tie('pattern').map((p) => `(?i:${p})`),
    tie('pattern').map((p) => `(?s)(${p})`),
    tie('pattern').map((p) => `(?m:${p})`),
  ),
  term: fc.oneof(
    { depthSize: 'small' },
    atom,
    atom,
    tie('group'),
    fc.tuple(tie('group'), quantifier).map(([g, q]) => (g.startsWith('(?s)') ? g : g + q)),
    fc.tuple(fc.constantFrom('a', 'b', '.', '\\w', '[ab]'), quantifier).map(([a, q]) => a + q),
  ),
  pattern: fc.oneof(
    { depthSize: 'small' },
    fc.array(tie('term'), { maxLength: 4 }).map((t) => t.join('')),
    fc.tuple(tie('term'), tie('term')).map(([a, b]) => `${a}|${b}`),
  ),
}))
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'k',
      'K',
      'K',
      's',
      'ſ',
      '1',
      ' ',
      '\n',
      '\r',
      '\u000b',
      '\u2028',
      'é',
      'É',
      '\u{1F600}',
      '.',
    ),
    { maxLength: 8 },
  )
  .map((t) => t.join(''))
const flags = fc.constantFrom('', 'i', 's', 'm', 'ims')

describe('regex', () => {
  it('V8 and RE2 agree on whether a pattern matches', () => {
    fc.assert(
      fc.property(pattern, flags, text, (p, f, t) => {
        const r = regex(p, f)
        const v8 = onV8(r, 'none')
        const re2 = onRe2(r, 'none')
        if (!re2 || support(r, false).v8.length > 0) return
        assert.equal(v8?.test(t), re2.test(t), `${p} ${f} ${JSON.stringify(t)} ${printRegex(r, 'v8', 'none').pattern}`)
      }),
      { numRuns: runs(2000) },
    )
  })

  it('V8 and RE2 agree on extents and captures, where support says so', () => {
    let compared = 0
    fc.assert(
      fc.property(pattern, flags, text, (p, f, t) => {
        const r = regex(p, f)
        if (support(r).v8.length > 0) return
        const v8 = onV8(r, 'all')
        const re2 = onRe2(r, 'all')
        if (!v8 || !re2) return
        compared++
        const shape = (run: typeof v8): unknown =>
          [...matches(run, t)].map((m) => [m.start, m.end, ...r.groups.map((_, i) => m.group(i + 1))])
        assert.deepEqual(shape(v8), shape(re2), `${p} ${f} ${JSON.stringify(t)} ${printRegex(r, 'v8').pattern}`)
      }),
      { numRuns: runs(2000) },
    )
    assert.ok(compared > runs(500))
  })

  it('a row of lazy gaps matches and captures the same, and a text with too few separators is refused at once', () => {
    const gap = fc.constantFrom('(.*?),', '(.+?),', '.*?,', '([^;]*?),;', '(.*?)', '(?:(.*?), )', '(.*?)[,;]')
    const rows = fc.tuple(
      fc.constantFrom('', '^'),
      fc.array(gap, { minLength: 5, maxLength: 7 }),
      fc.constantFrom('', '$', 'x'),
    )
    const cells = fc.array(fc.constantFrom('a', ',', ',', ';', 'x', '\n', ' '), { maxLength: 14 })
    fc.assert(
      fc.property(rows, fc.constantFrom('', 's'), cells, ([begin, gaps, end], f, letters) => {
        const r = regex(begin + gaps.join('') + end, f)
        const t = letters.join('')
        const [v8, re2] = [onV8(r, 'all'), onRe2(r, 'all')]
        assert.ok(v8 && re2)
        const shape = (run: typeof v8): unknown =>
          [...matches(run, t)].map((m) => [m.start, m.end, ...r.groups.map((_, i) => m.group(i + 1))])
        assert.deepEqual(shape(v8), shape(re2), `${r.source} ${f} ${JSON.stringify(t)}`)
      }),
      { numRuns: runs(1000) },
    )
    // All choices of 44 among 45 gaps would take longer than the world is old.
    assert.equal(onV8(regex(`^${'(.*?),'.repeat(45)}(.*?)$`, 's'), 'all')?.test('a,'.repeat(44)), false)
  })

  it('a search with short edges finds a match in the same texts', () => {
    let [found, missed] = [0, 0]
    fc.assert(
      fc.property(pattern, flags, text, (p, f, t) => {
        const r = regex(p, f)
        const whole = onV8(r, 'none')
        const short = onV8({ ...r, root: withShortEdges(r.root) }, 'none')
        if (!whole || !short) return
        const matches = whole.test(t)
        if (matches) found++
        else missed++
        assert.equal(short.test(t), matches, `${p} ${f} ${JSON.stringify(t)}`)
      }),
      { numRuns: runs(3000) },
    )
    assert.ok(Math.min(found, missed) > runs(300), `${found} ${missed}`)
    const printed = (p: string): string =>
      printRegex({ ...regex(p), root: withShortEdges(regex(p).root) }, 'v8').pattern
    assert.equal(printed('.*?a+b(?:c|d+)'), printed('ab(?:c|d)'))
    assert.equal(printed('a++ab*+'), printRegex(regex('a++ab*+'), 'v8').pattern)
  })

  it('required literals are in every match', () => {
    let some = 0
    fc.assert(
      fc.property(pattern, flags, text, (p, f, t) => {
        const r = regex(p, f)
        const needed = literals(r.root)
        if (!needed || !onV8(r, 'none')?.test(t)) return
        some++
        assert.ok(
          needed.some((n) => t.includes(n)),
          `${p} ${f} ${JSON.stringify(t)} ${JSON.stringify(needed)}`,
        )
      }),
      { numRuns: runs(3000) },
    )
    assert.ok(some > runs(20))
  })

  it('the parser never throws, and its errors are inside the text', () => {
    const soup = fc.array(
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '?',
        '*',
        '+',
        '{',
        '}',
        '2',
        ',',
        '\\',
        'Q',
        'E',
        'x',
        'p',
        'k',
        '<',
        '>',
        'n',
        '^',
        '-',
        '|',
        '&',
        ':',
        '!',
        '=',
        'i',
        'é',
      ),
      { maxLength: 14 },
    )
    fc.assert(
      fc.property(soup, (parts) => {
        const source = parts.join('')
        const parsed = parseRegex(source)
        if (!parsed.ok) {
          assert.ok(parsed.error.offset >= 0 && parsed.error.offset <= source.length)
          assert.ok(parsed.error.reason.length > 5)
          return
        }
        const where = support(parsed.regex)
        if (where.v8.length === 0)
          assert.doesNotThrow(() => new RegExp(printRegex(parsed.regex, 'v8').pattern, 'u'), source)
        if (where.re2.length === 0)
          assert.doesNotThrow(() => RE2JS.compile(printRegex(parsed.regex, 're2').pattern), source)
      }),
      { numRuns: runs(3000) },
    )
  })

  it('literals of whole words, alternatives and loops', () => {
    const of = (p: string, f = ''): readonly string[] | undefined => literals(regex(p, f).root)
    assert.deepEqual(of('powershell\\.exe$'), ['powershell.exe'])
    assert.deepEqual(of('foo|bar'), ['foo', 'bar'])
    assert.deepEqual(of('\\d+ (?:foo)+x*'), ['foo'])
    assert.equal(of('a*'), undefined)
    assert.equal(of('(?:foo)?'), undefined)
    assert.equal(of('foo|\\d'), undefined)
    assert.deepEqual(of('(?i)a1'), ['A1', 'a1'])
    assert.deepEqual(of('abc(?!def)'), ['abc'])
  })

  it('says what an engine cannot run', () => {
    const why = (p: string, captures = true): unknown => {
      const s = support(regex(p), captures)
      return [s.re2.map((m) => m.feature), s.v8.map((m) => m.feature), s.runs]
    }
    assert.deepEqual(why('a(?=b)'), [['look-around'], [], true])
    assert.deepEqual(why('(a)\\1'), [['backreference'], [], true])
    assert.deepEqual(why('a*+b'), [['atomic'], [], true])
    assert.deepEqual(why('(?:(a)|b)*'), [[], ['loop-capture'], true])
    assert.deepEqual(why('(?:(a)|b)*', false), [[], [], true])
    assert.deepEqual(why('(?:(a)|b)\\1'), [['backreference'], ['backreference'], false])
    assert.deepEqual(why('a{1001}'), [['big-repeat'], [], true])
    assert.deepEqual(why('(?:a{100}){100}'), [['big-repeat'], [], true])
  })

  it('runs what only V8 can', () => {
    assert.equal(hits('(?>a*)a', 'aaa'), false)
    assert.equal(hits('a*+a', 'aaa'), false)
    assert.equal(hits('a++b', 'aab'), true)
    assert.equal(hits('(\\w)(?>x+)\\1', 'axxa'), true)
    assert.equal(hits('(\\w)(?>x+)\\1', 'axxb'), false)
    assert.equal(hits('foo\\Z', 'foo\n'), true)
    assert.equal(hits('(?<!a)b', 'ab'), false)
    assert.equal(hits('(?<q>["\'])x\\k<q>', '"x"'), true)
  })

  it('case: one simple mapping', () => {
    assert.equal(hits('k', '\u212a', 'i'), true)
    assert.equal(hits('s', 'ſ', 'i'), false)
    assert.equal(hits('ß', 'SS', 'i'), false)
    assert.equal(hits('σ', 'Σ', 'i'), true)
    assert.equal(hits('[a-z]+$', 'ABC', 'i'), true)
    assert.equal(hits('^[^a]$', 'A', 'i'), false)
    assert.equal(lowerText('ΑΣ İ'), 'ασ i')
  })

  it('vendor spellings', () => {
    assert.deepEqual(names(regex('(?<a>x)(?P<b_1>y)(z)')), ['a', 'b_1'])
    assert.equal(hits('\\Q[a]*\\E+', '[a]**'), true)
    assert.equal(hits('[[:digit:]x]{2}', '1x'), true)
    assert.equal(hits('[a-z&&[^b]]', 'b'), false)
    assert.equal(hits('[]a]', ']'), true)
    assert.equal(hits('a{,3}', 'a{,3}'), true)
    assert.equal(hits('(?x) a b # end', 'ab'), true)
    assert.equal(hits('\\x{1F600}\\u0041', '\u{1F600}A'), true)
    assert.equal(hits('\\/\\-\\_\\"', '/-_"'), true)
    assert.equal(hits('(?i)a(?-i)b', 'AB'), false)
    assert.equal(hits('[\\w.-]+@', 'a.b-c@'), true)
    for (const bad of [
      '(',
      'a)',
      '[a',
      '*a',
      'a**',
      '(?<a>x)(?<a>y)',
      '\\',
      '[z-a]',
      'a{3,1}',
      '\\2(a)',
      '(?z)',
      '\\p{Nope}',
      '\\y',
    ])
      assert.equal(parseRegex(bad).ok, false, bad)
  })
})
