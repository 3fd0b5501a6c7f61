// LOG: telemetry that cannot be found, opened, recognised or fully used. 1xx: paths. 2xx: what a file holds. 3xx: lines and events.
import { code } from '../diagnostic.ts'

const files = (n: number): string => `${n} ${n === 1 ? 'file' : 'files'}`
const lines = (n: number): string => `${n} ${n === 1 ? 'line' : 'lines'}`

export const missing = code<{ path: string }>({
  id: 'LOG101',
  slug: 'no-such-file',
  severity: 'error',
  title: 'There is no such file or folder',
  message: (p) => `no file or folder ${p.path}`,
  why: 'Logs are named by file, folder, glob (`*`, `?`, `**`, `[a-z]`, `{a,b}`) or `-` for standard input.',
  remedy: (p) => `check the spelling of ${p.path} and the folder the command runs in`,
})

export const unreadable = code<{ path: string; reason: string }>({
  id: 'LOG102',
  slug: 'unreadable',
  severity: 'error',
  title: 'A file or folder cannot be read',
  message: (p) => `cannot read ${p.path}: ${p.reason}`,
  why: 'The operating system refused to open it, or it is no regular file.',
  remedy: (p) => `give read permission on ${p.path}, or leave it out`,
})

export const noMatch = code<{ path: string; what: 'folder' | 'glob' }>({
  id: 'LOG103',
  slug: 'no-match',
  severity: 'error',
  title: 'A folder or glob holds no file',
  message: (p) => (p.what === 'glob' ? `no file matches ${p.path}` : `folder ${p.path} holds no file`),
  why: 'Folders are read with all their subfolders; names that begin with a dot are passed over.',
  remedy: (p) =>
    p.what === 'glob'
      ? 'widen the glob, or quote it so that the shell leaves it alone'
      : `put logs into ${p.path}, or name another folder`,
})

export const compressed = code<{ path: string; what: string; command: string }>({
  id: 'LOG201',
  slug: 'compressed',
  severity: 'error',
  title: 'The file is compressed in a way that is not read',
  message: (p) => `${p.path} is ${p.what}, which is not read`,
  why: 'Only gzip is unpacked while reading.',
  remedy: (p) => `unpack it first: ${p.command}`,
})

export const binary = code<{ path: string; what: string }>({
  id: 'LOG202',
  slug: 'binary',
  severity: 'error',
  title: 'The file is binary',
  message: (p) => `${p.path} is ${p.what}, not text`,
  why: 'Logs are read as text: JSON, CSV or lines.',
  remedy: (p) =>
    p.what.includes('gzip')
      ? `get another copy of ${p.path}, or leave it out`
      : `export ${p.path} as text (for EVTX: as XML or JSON), or leave it out`,
})

export const unrecognised = code<{ path: string; tried: readonly string[]; head: string }>({
  id: 'LOG203',
  slug: 'unrecognised',
  severity: 'error',
  title: 'No format fits the file',
  message: (p) => `nothing known fits ${p.path}, which begins ${JSON.stringify(p.head)}`,
  why: 'A file is recognised by its first lines; every known format looked at them and none took them.',
  remedy: (p) => `give logs of a known format; tried: ${p.tried.join(', ')}`,
})

export const plainMessages = code<{ path: string; head: string }>({
  id: 'LOG208',
  slug: 'plain-messages',
  severity: 'warning',
  title: 'No format fits the file, so each line is a message',
  message: (p) =>
    `nothing known fits ${p.path}, which begins ${JSON.stringify(p.head)}: each line is read as a message, without fields and without a time`,
  why: 'The query can parse messages itself, as it would in a tenant; which part of them is a time is not known here.',
  remedy: () =>
    'take fields out of `_raw` with parse, csv, json or kv; leave the interval open, since messages without a time lie in none; leave out files that are no logs',
})

export const truncated = code<{ path: string; bytes: number; reason: string }>({
  id: 'LOG204',
  slug: 'gzip-cut-off',
  severity: 'warning',
  title: 'A gzip file ends early or is damaged',
  message: (p) => `${p.path}: ${p.reason}; the ${p.bytes} bytes that could be unpacked are used`,
  why: 'The file was probably copied while it was being written, or the copy stopped.',
  remedy: () => 'get a complete copy; results lack what is missing',
})

export const decoded = code<{ path: string; charset: string }>({
  id: 'LOG205',
  slug: 'charset',
  severity: 'info',
  title: 'The file is not UTF-8 and was converted',
  message: (p) => `${p.path} is ${p.charset} and was read as that`,
  why: 'Its byte order mark says so.',
  remedy: () => 'nothing to do; UTF-8 is read faster',
})

export const empty = code<{ paths: readonly string[] }>({
  id: 'LOG206',
  slug: 'empty',
  severity: 'warning',
  title: 'A file holds nothing',
  message: (p) =>
    p.paths.length === 1 ? `${p.paths[0]} is empty` : `${files(p.paths.length)} are empty, ${p.paths[0]} among them`,
  why: 'A collector that has just started or has lost its source writes empty files.',
  remedy: () => 'check the collector if events should be there',
})

export const tooLarge = code<{ path: string; bytes: number; limit: number; format: string }>({
  id: 'LOG207',
  slug: 'too-large-as-one-text',
  severity: 'error',
  title: 'A file that must be read as one text is too large',
  message: (p) => `${p.path} is one ${p.format} of more than ${p.limit} bytes`,
  why: 'An array has to be read whole; lines are read piece by piece.',
  remedy: (p) => `make it one object a line: jq -c '.[]' ${p.path}`,
})

export const badLines = code<{
  path: string
  bad: number
  lines: number
  samples: readonly { line: number; reason: string }[]
}>({
  id: 'LOG301',
  slug: 'bad-lines',
  severity: 'warning',
  title: 'Lines could not be read',
  message: (p) =>
    `${p.path}: ${p.bad} of ${lines(p.lines)} could not be read${p.samples[0] ? `, the first is line ${p.samples[0].line} (${p.samples[0].reason})` : ''}`,
  why: 'They are counted and left out; everything else is used.',
  remedy: () => 'look at the lines named; if they matter, repair the export',
})

export const invalidText = code<{ path: string; count: number; line: number | null }>({
  id: 'LOG302',
  slug: 'invalid-utf8',
  severity: 'warning',
  title: 'Lines are not valid UTF-8',
  message: (p) =>
    `${p.path}: ${lines(p.count)} not valid UTF-8${p.line === null ? '' : `, the first is line ${p.line}`}; � stands for the bytes`,
  why: 'The producer wrote another charset or cut a character in two.',
  remedy: () => 'convert the file (iconv) if the texts matter to the query',
})

export const nulBytes = code<{ path: string; count: number; line: number | null }>({
  id: 'LOG303',
  slug: 'nul-bytes',
  severity: 'warning',
  title: 'Lines hold NUL bytes',
  message: (p) =>
    `${p.path}: ${lines(p.count)} with NUL bytes${p.line === null ? '' : `, the first is line ${p.line}`}`,
  why: 'A file that was preallocated, or written when the machine went down, has them.',
  remedy: () => 'get another copy if the lines matter',
})

export const untimed = code<{ path: string; count: number }>({
  id: 'LOG304',
  slug: 'no-time',
  severity: 'warning',
  title: 'Events tell no time and fall out of the interval',
  message: (p) =>
    `${p.path}: ${p.count} ${p.count === 1 ? 'event tells' : 'events tell'} no time and ${p.count === 1 ? 'is' : 'are'} outside any interval`,
  why: 'An interval was asked for, and an event without time is in none.',
  remedy: () => 'leave out --from, --to and --last to have them',
})

export const oddRecords = code<{ path: string; note: string; count: number; line: number | null }>({
  id: 'LOG305',
  slug: 'odd-records',
  severity: 'warning',
  title: 'Records were used although something is odd about them',
  message: (p) =>
    `${p.path}: ${p.count} ${p.count === 1 ? 'record' : 'records'}: ${p.note}${p.line === null ? '' : `, first in line ${p.line}`}`,
  why: 'Producers and exports make such records; what was taken is said.',
  remedy: () => 'check that the value taken is the one meant',
})

export const noLookup = code<{ name: string; folders: readonly string[] }>({
  id: 'LOG401',
  slug: 'no-lookup',
  severity: 'error',
  title: 'A lookup file that the query names is not there',
  message: (p) => `no lookup file ${p.name}`,
  why: 'A query names lookup files; they are searched as NAME, NAME.csv and NAME.json in the folders given.',
  remedy: (p) =>
    p.folders.length === 0 ? 'name the folder that holds it: --lookups DIR' : `put it into ${p.folders.join(' or ')}`,
})

export const badLookup = code<{ name: string; path: string; reason: string }>({
  id: 'LOG402',
  slug: 'bad-lookup',
  severity: 'error',
  title: 'A lookup file cannot be read',
  message: (p) => `lookup file ${p.path}: ${p.reason}`,
  why: 'A lookup file is CSV with a header line, or a JSON array of objects.',
  remedy: (p) => `repair ${p.path}`,
})
