// Modifiers for the position of a value in a field and for its comparison.
import { example, type Given, mapForms, type Matching, Misuse, modifier, type Modify } from '../builtin.ts'
import { type Part, partsOf } from '../pattern.ts'

const STAR: Part = { wild: '*' }
const ATTACK = 'powershell -enc AAA'

/** Adds parts around each value that is not null. */
const each =
  (name: string, change: (p: readonly Part[]) => readonly Part[]): Modify =>
  (m) => {
    if (m.how === 'fieldref') return { ...m, op: name }
    if (m.how !== 'text')
      throw new Misuse(`cannot follow ${m.how}`, `remove ${name}: it is for texts, and ${m.how} takes the whole value`)
    return mapForms(m, (form) => {
      if (form === undefined) throw new Misuse('takes no null', 'compare with null in an item of its own')
      return [change(form)]
    })
  }

export const contains = modifier(
  'contains',
  'The value stands anywhere in the field.',
  each('contains', (p) => [STAR, ...p, STAR]),
  [example('Encoded command', "CommandLine|contains: ' -enc '", [ATTACK, 'cmd /c dir'], [ATTACK])],
)

export const startswith = modifier(
  'startswith',
  'The field begins with the value.',
  each('startswith', (p) => [...p, STAR]),
  [example('Begins', 'CommandLine|startswith: PowerShell', [ATTACK, 'cmd /c powershell'], [ATTACK])],
)

export const endswith = modifier(
  'endswith',
  'The field ends with the value.',
  each('endswith', (p) => [STAR, ...p]),
  [
    example(
      'Program by the end of its path',
      'Image|endswith: \\ftp.exe',
      ['C:\\Windows\\System32\\ftp.exe', 'C:\\Temp\\sftp.exe'],
      ['C:\\Windows\\System32\\ftp.exe'],
      'Image',
    ),
  ],
)

export const all = modifier('all', 'Every value must match, not only one of them.', (m) => ({ ...m, all: true }), [
  example(
    'Both switches',
    'CommandLine|contains|all:\n    - -nop\n    - -enc',
    ['powershell -nop -enc AAA', ATTACK],
    ['powershell -nop -enc AAA'],
  ),
])

export const cased = modifier(
  'cased',
  'Letters must have the case of the value; without it case does not matter.',
  (m) => ({ ...m, cased: true }),
  [example('As written', 'CommandLine|contains|cased: -Enc', ['powershell -Enc AAA', ATTACK], ['powershell -Enc AAA'])],
)

export const windash = modifier(
  'windash',
  'A dash or slash that begins a switch may be any of `-`, `/`, `–`, `—`, `―`, as programs on Windows take them.',
  (m) => mapForms(m, (form) => (form === undefined ? [form] : dashes(form))),
  [
    example(
      'Either switch',
      "CommandLine|contains|windash: ' -s:'",
      ['ftp -s:a.txt', 'ftp /s:a.txt', 'ftp s:a.txt'],
      ['ftp -s:a.txt', 'ftp /s:a.txt'],
    ),
  ],
)

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015']
/** More switches in one value would give millions of permutations. */
const MOST_SWITCHES = 4

function dashes(parts: readonly Part[]): Part[][] {
  let out: Part[][] = [[]]
  let switches = 0
  parts.forEach((p, n) => {
    if (!('text' in p)) {
      out = out.map((o) => [...o, p])
      return
    }
    const before = parts[n - 1]
    for (const piece of p.text.split(/(?<=^|\s)([-/\u2013\u2014\u2015])(?=\S|$)/)) {
      if (piece === '') continue
      const isSwitch = DASHES.includes(piece) && (p.text !== piece || before === undefined)
      if (isSwitch && ++switches > MOST_SWITCHES)
        throw new Misuse('meets too many switches in one value', 'split the value with `contains|all`')
      const choices = isSwitch ? DASHES : [piece]
      out = out.flatMap((o) => choices.map((c) => joined(o, c)))
    }
  })
  return out
}

function joined(parts: readonly Part[], text: string): Part[] {
  const last = parts.at(-1)
  return last && 'text' in last ? [...parts.slice(0, -1), { text: last.text + text }] : [...parts, { text }]
}

export const re = modifier(
  're',
  'The value is a regular expression, found anywhere in the field. Case matters unless `i` follows.',
  (m) => {
    if (m.how !== 'text') throw new Misuse(`cannot follow ${m.how}`, 'write `re` as the first modifier')
    return { ...m, how: 're' }
  },
  [
    example(
      'Pattern',
      "CommandLine|re: '\\s-e(nc)?\\s'",
      [ATTACK, 'powershell -ep bypass', 'powershell -e AAA'],
      [ATTACK, 'powershell -e AAA'],
    ),
  ],
  ['Backslashes and stars of the value are those of the expression.'],
)

const flag = (name: 'i' | 'm' | 's', doc: string, examples: Parameters<typeof modifier>[3]) =>
  modifier(
    name,
    doc,
    (m: Matching) => {
      if (m.how !== 're') throw new Misuse('belongs behind re', `write \`re|${name}\``)
      return { ...m, flags: m.flags + name }
    },
    examples,
  )

export const i = flag('i', 'Behind `re`: case does not matter.', [
  example('Pattern in any case', 'CommandLine|re|i: \\bENC\\b', [ATTACK, 'cmd'], [ATTACK]),
])
export const m = flag('m', 'Behind `re`: `^` and `$` are also the edges of lines.', [
  example('Second line', 'CommandLine|re|m: ^iex', ['cmd\niex x', 'cmd iex'], ['cmd\niex x']),
])
export const s = flag('s', 'Behind `re`: a dot is also a line break.', [
  example('Across lines', 'CommandLine|re|s: cmd.iex', ['cmd\niex', 'cmdiex'], ['cmd\niex']),
])

export const expand = modifier(
  'expand',
  'A placeholder `%name%` becomes the values that the run gives it (`--param name=a,b`).',
  (m, given) => mapForms(m, (form) => (form === undefined ? [form] : expanded(form, given))),
  [example('Without placeholder', 'CommandLine|expand: cmd', ['cmd', 'x'], ['cmd'])],
)

/** `%name%` is a placeholder; `\\%` is a percent sign. A placeholder becomes each of its values, which can have wildcards. */
function expanded(parts: readonly Part[], given: Given): (readonly Part[])[] {
  return parts.reduce<(readonly Part[])[]>(
    (made, p) => {
      const next = 'text' in p ? filled(p.text, given) : [[p]]
      return made.flatMap((before) => next.map((after) => [...before, ...after]))
    },
    [[]],
  )
}

const PIECE = /\\%|%([^%\s\\]+)%|[^%\\]+|[%\\]/g

function filled(text: string, given: Given): (readonly Part[])[] {
  return [...text.matchAll(PIECE)]
    .reduce<(readonly Part[])[]>(
      (made, [piece, name]) => {
        const next =
          name === undefined
            ? [[{ text: piece === '\\%' ? '%' : piece }]]
            : (given.placeholder(name) ?? []).map((value) => partsOf(value))
        return made.flatMap((before) => next.map((after) => [...before, ...after]))
      },
      [[]],
    )
    .map(merged)
}

/** Merges neighbouring texts, as in the result of `partsOf`. */
function merged(parts: readonly Part[]): readonly Part[] {
  const out: Part[] = []
  for (const p of parts) {
    const last = out.at(-1)
    if ('text' in p && last && 'text' in last) out[out.length - 1] = { text: last.text + p.text }
    else out.push(p)
  }
  return out
}
