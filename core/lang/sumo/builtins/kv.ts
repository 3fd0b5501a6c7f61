// Fields out of key=value pairs.
import { absent, and, call, iff, present, test, TRUE } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { parseRegex } from '../../../regex/regex.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { type ExtractOptions, type Path, paths, pattern, regexPattern } from '../2-parse/parse-extract.ts'
import { FIELD, NODROP, operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import { extract, type Extracted, inputOf } from '../3-lower/extract.ts'
import type { Flow } from '../3-lower/flow.ts'
import { escapeRegex, regexConsts } from '../3-lower/regex.ts'

interface KvOptions {
  mode: 'auto' | 'infer' | 'regex'
  delimiter: string | undefined
  regex: string | undefined
}
interface Kv extends ExtractOptions, KvOptions {
  readonly keys: readonly Path[]
}

function parseKv(c: Cursor): Kv | undefined {
  const into: ExtractOptions & KvOptions = {
    field: undefined,
    nodrop: false,
    mode: 'infer',
    delimiter: undefined,
    regex: undefined,
  }
  const option = (): boolean => {
    if (c.eatWord('auto')) into.mode = 'auto'
    else if (c.eatWord('infer', 'keys', 'refonly')) return true
    else if (c.eatWord('delim')) {
      c.eat('=')
      into.delimiter = pattern(c).text
    } else if (c.isWord('regex')) {
      c.next()
      into.mode = 'regex'
      into.regex = regexPattern(c).text
    } else return false
    return true
  }
  const keys = paths(c, into, option, true)
  return keys && { ...into, keys }
}

function valuesOf(f: Flow, s: Kv): Extracted {
  const input = inputOf(f, s.field)
  const columns = s.keys.map((k) => ({
    name: k.as?.name ?? k.path.replace(/[^A-Za-z0-9_]/g, '_'),
    expr: kvValue(f, input, k.path, s),
  }))
  const matched = s.mode === 'auto' ? TRUE : and(...columns.map((c) => present(c.expr)))
  return { columns, matched, nodrop: s.nodrop, each: true }
}

function kvValue(f: Flow, input: Expr, key: string, s: Kv): Expr {
  const k = escapeRegex(key)
  const read = (pattern: string, group: number): Expr => call('re.group', 'str', [input], { pattern, flags: '', group })
  if (s.mode === 'regex' && s.regex !== undefined) {
    // Group 1 of the pattern is the key, group 2 the value. The key replaces group 1.
    const valuePattern = s.regex.replace(/\((?!\?)[^()]*\)/, `(?:${k})`)
    const parsed = parseRegex(valuePattern, '')
    if (!parsed.ok) regexConsts(f, s.regex, '', { span: f.at })
    else if (parsed.regex.groups.length >= 1) return read(valuePattern, 1)
    return read(`${k}\\W*?${s.regex}`, 1)
  }
  f.lowering.choice('kv-infer')
  const pattern = valuePattern(k, s.delimiter)
  // `auto` reads the last of several values of a key, says its page.
  const consts = { pattern: s.mode === 'auto' ? `^[\\s\\S]*${pattern}` : pattern, flags: '' }
  const written = call('re.group', 'str', [input], { ...consts, group: 1, empty: true })
  const value = call('re.replace', 'str', [written], { pattern: '^"([\\s\\S]*)"$', flags: '', with: '$1' })
  return iff(test('re.test', [input], consts), value, absent('str'))
}

/**
 * Key, delimiter, value: in group 1, with its quotes. White space between delimiter and value is skipped, unless the next key
 * follows it: then the value is empty and in no group, as that of `user=` in `user= action=ALLOW`.
 */
function valuePattern(key: string, delimiter: string | undefined): string {
  const before = `(?:^|[\\s,;|&?{(\\["'])${key}["']?[ \\t]*`
  const value = '[ \\t]*("(?:[^"\\\\]|\\\\.)*"|[^\\s,;&|"}\\])]*)'
  const next = '[ \\t]+[\\w.-]+'
  if (delimiter !== undefined) {
    const d = escapeRegex(delimiter)
    return `${before}(?:${d}${next}${d}|${d}${value})`
  }
  return `${before}(?:=${next}=|(?::|->)${next}(?::|->)(?:\\s|$)|(?:=|:|->)${value})`
}

export const kv = operator<Kv>({
  name: 'kv',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads values by their keys.',
  params: [param('keys', 'texts', 'The keys.'), FIELD, NODROP],
  examples: [
    search('kv "u", "v" as a, b | fields a, b', raw('t u=1 v="a b" x'), [{ a: '1', b: 'a b' }]),
    search('kv "u", "v" | fields u, v', raw('u= v=ALLOW'), [{ u: '', v: 'ALLOW' }]),
  ],
  aliases: ['keyvalue'],
  differs: 'the vendor’s own patterns are not published',
  parse: parseKv,
  lower: (f, node) => extract(f, valuesOf(f, node)),
})
