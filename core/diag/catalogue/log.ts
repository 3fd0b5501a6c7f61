// LOG: telemetry that Assay cannot find, open, recognise or use completely. 1xx: paths. 2xx: content of a file. 3xx: lines and events.
import { code } from '../diagnostic.ts'

const files = (n: number): string => `${n} ${n === 1 ? 'file' : 'files'}`
const lines = (n: number): string => `${n} ${n === 1 ? 'line' : 'lines'}`

export const missing = code<{ path: string }>({
  id: 'LOG101',
  slug: 'no-such-file',
  severity: 'error',
  title: 'No such file or folder',
  message: (p) => `no such file or folder: ${p.path}`,
  why: 'Telemetry is a file, a folder, a glob (`*`, `?`, `**`, `[a-z]`, `{a,b}`), or `-` for standard input.',
  remedy: (p) => `check the spelling of ${p.path} and the folder in which you run the command`,
})

export const unreadable = code<{ path: string; reason: string; isPacked?: true }>({
  id: 'LOG102',
  slug: 'unreadable',
  severity: 'error',
  title: 'A file or folder cannot be read',
  message: (p) => `cannot read ${p.path}: ${p.reason}`,
  why: 'The operating system refused to open it, it is not a regular file, or what was packed into it cannot be unpacked.',
  remedy: (p) =>
    p.isPacked
      ? 'copy or pack the file again; until then leave it out, because none of its events are in the result'
      : `allow reading (chmod +r ${p.path}), or leave the file out`,
})

export const noMatch = code<{ path: string; what: 'folder' | 'glob' }>({
  id: 'LOG103',
  slug: 'no-match',
  severity: 'error',
  title: 'A folder or glob contains no file',
  message: (p) => (p.what === 'glob' ? `no file matches ${p.path}` : `folder ${p.path} contains no file`),
  why: 'Assay reads a folder with all its subfolders. It skips names that begin with a dot.',
  remedy: (p) =>
    p.what === 'glob'
      ? 'widen the glob, or quote it so that the shell leaves it alone'
      : `put logs into ${p.path}, or name another folder`,
})

export const linksOutside = code<{ link: string; count: number }>({
  id: 'LOG104',
  slug: 'link-outside',
  severity: 'warning',
  title: 'A link leads out of the folders that are read',
  message: (p) =>
    p.count === 1
      ? `the link ${p.link} leads out of the folders that are read, and was left out`
      : `${p.count} links lead out of the folders that are read, and were left out; one is ${p.link}`,
  why: 'Logs may come from elsewhere, and a link in them could show any file of this machine. A link is followed only to a file at or below something that you name.',
  remedy: (p) => `to read it, name the folder to which it leads as well, or name ${p.link} itself`,
})

export const leftOutOfFolder = code<{ names: readonly string[] }>({
  id: 'LOG105',
  slug: 'no-log-by-name',
  severity: 'info',
  title: 'A file of a folder is documentation by its name',
  message: (p) =>
    `left out: ${p.names.slice(0, 3).join(', ')}${p.names.length > 3 ? ` and ${files(p.names.length - 3)} more` : ''}`,
  why: 'In a folder, README, LICENSE, NOTICE, CHANGELOG and files that end in .md are not logs.',
  remedy: (p) => `to read one, name it: \`${p.names[0] ?? ''}\``,
})

export const compressed = code<{ path: string; what: string; command: string }>({
  id: 'LOG201',
  slug: 'compressed',
  severity: 'error',
  title: 'The file is compressed in a format that Assay does not read',
  message: (p) => `${p.path} is ${p.what}, a format that Assay does not read`,
  why: 'Assay unpacks gzip, zip and zstd, but nothing that is inside an archive.',
  remedy: (p) => `unpack it first: ${p.command}`,
})

export const unpacksToMore = code<{ path: string; packed: number; most: number }>({
  id: 'LOG209',
  slug: 'unpacks-to-too-much',
  severity: 'error',
  title: 'An archive unpacks to too much',
  message: (p) => `${p.path} unpacks to more than ${p.most} bytes; the archive has ${p.packed}`,
  why: 'Logs rarely shrink to less than a thousandth, but an archive can be made to fill a disk. Assay stops at that ratio.',
  remedy: (p) => `unpack ${p.path} yourself, where there is room, and name the files`,
})

export const binary = code<{ path: string; what: string }>({
  id: 'LOG202',
  slug: 'binary',
  severity: 'error',
  title: 'The file is binary',
  message: (p) => `${p.path} is ${p.what}, not text`,
  why: 'Assay reads logs as text: JSON, CSV or lines.',
  remedy: (p) =>
    p.what.includes('gzip')
      ? `get another copy of ${p.path}, or leave it out`
      : `export ${p.path} as text (for EVTX: as XML or JSON), or leave it out`,
})

export const unrecognised = code<{ path: string; tried: readonly string[]; head: string }>({
  id: 'LOG203',
  slug: 'unrecognised',
  severity: 'error',
  title: 'The format of the file is unknown',
  message: (p) => `unknown log format: ${p.path} begins ${JSON.stringify(p.head)}`,
  why: 'Assay recognises a file by its first lines. They match no known format.',
  remedy: (p) => `name logs of a known format, or leave the file out; tried: ${p.tried.join(', ')}`,
})

export const plainMessages = code<{ path: string; head: string }>({
  id: 'LOG208',
  slug: 'plain-messages',
  severity: 'warning',
  title: 'The format of the file is unknown, so each line is one message',
  message: (p) =>
    `unknown log format: ${p.path} begins ${JSON.stringify(p.head)}; each line that no known format fits becomes a message without fields and time`,
  why: 'The query can parse messages, as in a tenant. Assay cannot find the time in a message of an unknown format.',
  remedy: () =>
    'parse the message in the query (`_raw` in Sumo Logic, `@rawstring` in CQL, where `select([@rawstring])` shows it); leave out --from, --to and --last, because these messages have no time; leave out files that are not logs',
})

export const truncated = code<{ path: string; bytes: number; reason: string }>({
  id: 'LOG204',
  slug: 'file-cut-off',
  severity: 'error',
  title: 'A file could not be read to its end',
  message: (p) => `${p.path} was not read to its end: ${p.reason}; Assay uses the ${p.bytes} bytes that it could read`,
  why: 'The file was copied while a program wrote to it, the copy stopped, or the file changed while Assay read it.',
  remedy: () => 'copy the file again, and read the copy; until then the results lack the missing part',
})

export const decoded = code<{ path: string; charset: string }>({
  id: 'LOG205',
  slug: 'charset',
  severity: 'info',
  title: 'The file is not UTF-8 and was converted',
  message: (p) => `${p.path} is ${p.charset}; Assay converted it`,
  why: 'The file begins with the byte order mark of this charset.',
  remedy: () => 'nothing to do; convert it to UTF-8 (iconv) if it should be read faster',
})

export const empty = code<{ paths: readonly string[] }>({
  id: 'LOG206',
  slug: 'empty',
  severity: 'warning',
  title: 'A file is empty',
  message: (p) =>
    p.paths.length === 1 ? `${p.paths[0]} is empty` : `${files(p.paths.length)} are empty, ${p.paths[0]} among them`,
  why: 'A collector writes empty files when it has just started, or has lost its source.',
  remedy: () => 'check the collector if the file should have events',
})

export const tooLarge = code<{ path: string; bytes: number; limit: number; format: string }>({
  id: 'LOG207',
  slug: 'too-large-as-one-text',
  severity: 'error',
  title: 'One JSON array is too large',
  message: (p) => `${p.path} is one ${p.format} of more than ${p.limit} bytes`,
  why: 'Assay must hold an array in memory as a whole. It reads lines one by one.',
  remedy: (p) => `write one object on each line: jq -c '.[]' ${p.path} > events.jsonl`,
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
  title: 'Some lines could not be read',
  message: (p) =>
    `${p.path}: ${p.bad} of ${lines(p.lines)} could not be read${p.samples[0] ? `, the first is line ${p.samples[0].line} (${p.samples[0].reason})` : ''}`,
  why: 'Assay counts these lines and leaves them out. Only a search of Sumo Logic looks through their text, too.',
  remedy: () =>
    'look at the line: if it is cut off, export the logs again; if it is of another kind, read it with a parser of yours (--parser FILE)',
})

export const invalidText = code<{ path: string; count: number; line: number | null }>({
  id: 'LOG302',
  slug: 'invalid-utf8',
  severity: 'warning',
  title: 'Some lines are not valid UTF-8',
  message: (p) =>
    `${p.path}: ${lines(p.count)} not valid UTF-8${p.line === null ? '' : `, the first is line ${p.line}`}; � replaces the invalid bytes`,
  why: 'The producer wrote another charset or cut a character in two.',
  remedy: () => 'convert the file to UTF-8 (iconv) if the query reads these texts',
})

export const nulBytes = code<{ path: string; count: number; line: number | null }>({
  id: 'LOG303',
  slug: 'nul-bytes',
  severity: 'warning',
  title: 'Some lines contain NUL bytes',
  message: (p) =>
    `${p.path}: ${lines(p.count)} with NUL bytes${p.line === null ? '' : `, the first is line ${p.line}`}`,
  why: 'They occur in a preallocated file, or in one that was written when the machine crashed.',
  remedy: () => 'copy the file again if the lines matter',
})

export const untimed = code<{ path: string; count: number }>({
  id: 'LOG304',
  slug: 'no-time',
  severity: 'warning',
  title: 'Events without a time are outside the interval',
  message: (p) =>
    `${p.path}: ${p.count} ${p.count === 1 ? 'event has' : 'events have'} no time and ${p.count === 1 ? 'was' : 'were'} left out of the interval`,
  why: 'The command has an interval. An event without a time is in no interval.',
  remedy: () => 'leave out --from, --to and --last to include them',
})

export const oddRecords = code<{ path: string; note: string; count: number; line: number | null }>({
  id: 'LOG305',
  slug: 'odd-records',
  severity: 'warning',
  title: 'Unusual records',
  message: (p) =>
    `${p.path}: ${p.count} ${p.count === 1 ? 'record' : 'records'}: ${p.note}${p.line === null ? '' : `, first in line ${p.line}`}`,
  why: 'Products and exports write such records. Assay used them as the message describes.',
  remedy: () => 'look at the line, and check that Assay used the right value',
})

/** Many notes of LOG305 in one. */
export const oddNames = code<{
  kind: string
  names: readonly string[]
  files: number
  first: string
  line: number | null
}>({
  id: 'LOG309',
  slug: 'odd-records-of-a-kind',
  severity: 'warning',
  title: 'Unusual records with several names',
  message: (p) =>
    `${files(p.files)} with ${p.kind}: ${p.names.slice(0, 3).join(', ')}${p.names.length > 3 ? ` and ${p.names.length - 3} more` : ''}, first in ${p.first}${p.line === null ? '' : `, line ${p.line}`}`,
  why: 'Products and exports write a name twice in one record.',
  remedy: () => 'add --verbose for every name and file, and check that Assay used the right values',
})

const ANCHORS = {
  year: '--year',
  now: '--now',
  stamp: 'another stamp of the file, which has a year',
  file: 'the time of the file',
} as const

export const yearAssumed = code<{ path: string; newest: string; by: keyof typeof ANCHORS }>({
  id: 'LOG306',
  slug: 'year-assumed',
  severity: 'info',
  title: 'Stamps lack the year',
  message: (p) => `${p.path}: stamps lack the year; the last one counts as ${p.newest}, by ${ANCHORS[p.by]}`,
  why: 'Assay takes the latest year that the anchor allows, and follows the order of the file across New Year.',
  remedy: () => 'nothing to do if the year is right; else give the year of the last stamp: --year 2025',
})

export const inFuture = code<{ path: string; count: number; newest: string }>({
  id: 'LOG307',
  slug: 'in-the-future',
  severity: 'info',
  title: 'Events lie in the future',
  message: (p) =>
    `${p.path}: ${p.count} ${p.count === 1 ? 'event lies' : 'events lie'} in the future, the last at ${p.newest}`,
  why: 'Their time is later than the clock of this machine. Assay moves no stamp that has a year.',
  remedy: () => 'if the log lacks zones, name its zone with --source-tz; else check the clock of the device',
})

export const noSimd = code<{ path: string }>({
  id: 'LOG308',
  slug: 'no-simd',
  severity: 'info',
  title: 'Lines were read without WebAssembly',
  message: (p) => `${p.path}: read several times more slowly than usual, because WebAssembly with SIMD is missing here`,
  why: 'A kernel in WebAssembly reads lines of JSON. Where Node runs without it (--jitless) or the processor has no SIMD, TypeScript reads them. The rows are the same.',
  remedy: () => 'run Node without --jitless, on a processor with SSE 4.1 or NEON',
})

export const noLookup = code<{ name: string; folders: readonly string[] }>({
  id: 'LOG401',
  slug: 'no-lookup',
  severity: 'error',
  title: 'A lookup file was not found',
  message: (p) => `lookup file ${p.name} not found`,
  why: 'Assay looks for NAME, NAME.csv and NAME.json in the folders of --lookups.',
  remedy: (p) =>
    p.folders.length === 0
      ? 'name the folder of the file: --lookups FOLDER'
      : `copy the file into ${p.folders.join(' or ')}`,
})

export const badLookup = code<{ name: string; path: string; reason: string }>({
  id: 'LOG402',
  slug: 'bad-lookup',
  severity: 'error',
  title: 'A lookup file cannot be read',
  message: (p) => `lookup file ${p.path}: ${p.reason}`,
  why: 'A lookup file is CSV with a header line, or a JSON array of objects.',
  remedy: (p) => `correct ${p.path}: a header line and one row per line, or a JSON array of objects`,
})
