// Modifiers for networks, numbers, presence, other fields, and encoded values.
import { example, mapForms, type Matching, Misuse, modifier, type Modify } from '../builtin.ts'
import { base64, base64Offsets, bytesOf, type Encoding } from '../encode.ts'
import { isPlain, type Part, textOf } from '../pattern.ts'

const becomes =
  (how: Matching['how'], op: string): Modify =>
  (m) => {
    if (m.how !== 'text') throw new Misuse(`cannot follow ${m.how}`, 'remove one of them')
    return { ...m, how, op }
  }

export const cidr = modifier(
  'cidr',
  'The field is an address within the network.',
  becomes('cidr', ''),
  [example('Inside', 'SourceIp|cidr: 10.0.0.0/8', ['10.1.2.3', '11.1.2.3', 'host'], ['10.1.2.3'], 'SourceIp')],
  ['An IPv4 address written as IPv6 (`::ffff:10.1.2.3`) is in IPv6 networks only.'],
)

const compare = (name: string, doc: string, given: readonly string[], finds: readonly string[]) =>
  modifier(
    name,
    doc,
    becomes('number', name),
    [example(`Size ${name}`, `Size|${name}: 10`, given, finds, 'Size')],
    ['A field that is no number never matches.'],
  )

export const lt = compare('lt', 'The field is a number below the value.', ['9', '10', 'x'], ['9'])
export const lte = compare('lte', 'The field is a number up to the value.', ['10', '11'], ['10'])
export const gt = compare('gt', 'The field is a number above the value.', ['10', '10.5'], ['10.5'])
export const gte = compare('gte', 'The field is a number from the value on.', ['9', '10'], ['10'])

export const neq = modifier('neq', 'No value matches; a missing field fulfils it.', (m) => ({ ...m, negated: true }), [
  example('Another program', 'Image|neq: cmd', ['cmd', 'ftp'], ['ftp'], 'Image'),
])

export const exists = modifier(
  'exists',
  'The field is there (`true`) or missing (`false`); an empty value is there.',
  becomes('exists', ''),
  [example('There', 'Image|exists: true', ['', 'ftp'], ['', 'ftp'], 'Image')],
)

export const fieldref = modifier(
  'fieldref',
  'The value names another field of the same event, and the two are compared; `startswith`, `endswith` and `contains` may follow.',
  becomes('fieldref', ''),
  [
    {
      title: 'Same on both sides',
      given: [
        {
          '@timestamp': '2026-06-21T09:00:00Z',
          EventID: '1',
          Channel: 'Microsoft-Windows-Sysmon/Operational',
          Image: 'a',
          ParentImage: 'A',
        },
        {
          '@timestamp': '2026-06-21T09:00:01Z',
          EventID: '1',
          Channel: 'Microsoft-Windows-Sysmon/Operational',
          Image: 'a',
          ParentImage: 'b',
        },
      ],
      query:
        'title: Same on both sides\nlogsource:\n    category: process_creation\ndetection:\n    selection:\n        Image|fieldref: ParentImage\n    condition: selection\nfields:\n    - Image\n    - ParentImage\n',
      gives: [{ '@timestamp': '2026-06-21T09:00:00Z', sigma_rule: 'Same on both sides', Image: 'a', ParentImage: 'A' }],
      from: { assumed: 'case does not matter, as for values' },
    },
  ],
)

const datePart = (name: string, doc: string, given: readonly string[], finds: readonly string[], value: string) =>
  modifier(
    name,
    doc,
    (m) => {
      if (m.how !== 'text' || m.part !== '') throw new Misuse(`cannot follow ${m.part || m.how}`, 'remove one of them')
      return { ...m, part: name }
    },
    [example(`By the ${name}`, `Logged|${name}: ${value}`, given, finds, 'Logged')],
    ['`lt`, `lte`, `gt` and `gte` may follow. The date is read as it is written, without a zone.'],
  )

const NIGHT = '2026-06-21 02:30:00'
const DAY = '2025-07-08T14:05:00Z'
const BOTH = [NIGHT, DAY]
export const minute = datePart('minute', 'The minute of a date is the value, 0 to 59.', BOTH, [NIGHT], '30')
export const hour = datePart('hour', 'The hour of a date is the value, 0 to 23.', BOTH, [DAY], '14')
export const day = datePart('day', 'The day of a date’s month is the value, 1 to 31.', BOTH, [NIGHT], '21')
export const week = datePart('week', 'The week of a date’s year (ISO 8601) is the value.', BOTH, [NIGHT], '25')
export const month = datePart('month', 'The month of a date is the value, 1 to 12.', BOTH, [DAY], '7')
export const year = datePart('year', 'The year of a date is the value.', BOTH, [DAY], '2025')

const bytes = (parts: readonly Part[] | undefined, name: string): string => {
  if (parts === undefined || !isPlain(parts))
    throw new Misuse('takes plain texts only', `remove null and wildcards; put \`${name}\` before \`contains\``)
  return textOf(parts)
}

const encoded =
  (name: string, of: (bytes: string) => readonly string[]): Modify =>
  (m) => {
    if (m.how !== 'text') throw new Misuse(`cannot follow ${m.how}`, 'remove one of them')
    // Base64 depends on case, but Sigma ignores the case of values, and the specification makes no exception.
    const made = mapForms(m, (form) => {
      const text = bytes(form, name)
      return of(m.isBytes ? text : bytesOf(text, 'utf8')).map((t) => [{ text: t }])
    })
    return { ...made, isBytes: false }
  }

const wideAs = (name: string, encoding: Encoding, doc: string, given: string) =>
  modifier(
    name,
    doc,
    (m) => ({ ...mapForms(m, (form) => [[{ text: bytesOf(bytes(form, name), encoding) }]]), isBytes: true }),
    [
      example(
        `Encoded as ${name}`,
        `CommandLine|${name}|base64|contains: cmd`,
        [`x ${given} y`, 'cmd'],
        [`x ${given} y`],
      ),
    ],
    ['Only before `base64` or `base64offset`: logs hold texts, not bytes.'],
  )

export const utf16le = wideAs(
  'utf16le',
  'utf16le',
  'The value as UTF-16, little endian.',
  base64(bytesOf('cmd', 'utf16le')),
)
export const wide = wideAs('wide', 'utf16le', 'Another name of `utf16le`.', base64(bytesOf('cmd', 'utf16le')))
export const utf16be = wideAs(
  'utf16be',
  'utf16be',
  'The value as UTF-16, big endian.',
  base64(bytesOf('cmd', 'utf16be')),
)
export const utf16 = wideAs(
  'utf16',
  'utf16',
  'The value as UTF-16 with a byte order mark.',
  base64(bytesOf('cmd', 'utf16')),
)

export const base64Modifier = modifier(
  'base64',
  'The value as Base64.',
  encoded('base64', (b) => [base64(b)]),
  [example('Base64', 'CommandLine|base64|contains: cmd', [`x ${base64('cmd')}`, 'cmd'], [`x ${base64('cmd')}`])],
)

export const base64offset = modifier(
  'base64offset',
  'The value as it stands in Base64 of a longer text, at each of the three positions it can have.',
  encoded('base64offset', base64Offsets),
  [
    example(
      'Anywhere in Base64',
      'CommandLine|base64offset|contains: http://evil',
      [base64('xhttp://evil/a'), base64('http://good')],
      [base64('xhttp://evil/a')],
    ),
  ],
)
