// LOG5xx: telemetry in tables.
import { code } from '../diagnostic.ts'
import { thousands } from '../../text/thousands.ts'

const rows = (n: number): string => `${thousands(n)} ${n === 1 ? 'row' : 'rows'}`

export const tableUnreadable = code<{ path: string; reason: string }>({
  id: 'LOG501',
  slug: 'table-unreadable',
  severity: 'error',
  title: 'A file of a table cannot be read',
  message: (p) => `cannot read the table ${p.path}: ${p.reason}`,
  why: 'A Parquet file is damaged, was cut off, or was removed while the query ran. An answer over the other files would cover less than you named.',
  remedy: (p) => `copy or write ${p.path} again, or leave it out`,
})

export const caseClash = code<{ path: string; names: readonly string[] }>({
  id: 'LOG502',
  slug: 'columns-differ-in-case',
  severity: 'error',
  title: 'Columns of a table differ only in case',
  message: (p) => `columns of ${p.path} differ only in case: ${p.names.join(', ')}`,
  why: 'The engine folds the case of names, so it would read one of the columns for both.',
  remedy: (p) => `rename one of ${p.names.join(', ')}, or make a copy with \`assay store\`, which keeps both`,
})

export const noColumn = code<{ path: string; column: string; key: string; near: readonly string[] }>({
  id: 'LOG503',
  slug: 'no-such-column',
  severity: 'error',
  title: 'A table lacks a column that its source names',
  message: (p) => `${p.path} has no column ${p.column}, which \`${p.key}\` names`,
  why: 'A field of a missing column would be absent from every event, and no rule about it could fire.',
  remedy: (p) =>
    p.near.length > 0
      ? `write ${p.near.join(' or ')}`
      : 'correct the column in assay.yml; `assay sources` lists those of a table',
})

export const timeUnit = code<{ path: string; column: string; sample: string }>({
  id: 'LOG504',
  slug: 'time-unit-unknown',
  severity: 'error',
  title: 'The unit of a time column is unknown',
  message: (p) => `the unit of the time column ${p.column} of ${p.path} is unknown (it has the value ${p.sample})`,
  why: 'A number counts seconds, milliseconds, microseconds or nanoseconds since 1970. A wrong unit would put every event outside every interval.',
  remedy: (p) => `write \`time: {column: ${p.column}, unit: ms}\` (or s, us, ns) for the source in assay.yml`,
})

export const pulled = code<{ path: string; rows: number; reasons: readonly string[] }>({
  id: 'LOG505',
  slug: 'rows-pulled',
  severity: 'info',
  title: 'Rows of a table are pulled',
  message: (p) => `${rows(p.rows)} of ${p.path} are pulled out of the engine: ${p.reasons.join('; ')}`,
  why: 'The engine computes as much of the query as it can. Assay computes the rest over the rows that are left.',
  remedy: () => 'nothing, or shorten the interval if it takes long',
})

export const unanswered = code<{ path: string; names: readonly string[]; format: string }>({
  id: 'LOG515',
  slug: 'table-cannot-answer',
  severity: 'warning',
  title: 'A table has no column for a name that is made from records',
  message: (p) =>
    `${p.path} has no column for ${p.names.map((n) => `\`${n}\``).join(', ')}: such names are made when a ${p.format} record is read`,
  why: 'The table has columns, not records. Every event lacks the name there, so the query can find less than over the logs.',
  remedy: () =>
    'store the logs with `assay store`, which keeps such names, or name the column in assay.yml (`fields: {NAME: COLUMN}`)',
})

export const noRecords = code<{ path: string }>({
  id: 'LOG516',
  slug: 'table-without-records',
  severity: 'warning',
  title: 'A query reads records, and a table has none',
  message: (p) => `${p.path} has no records as they were logged, and the query reads them`,
  why: 'The text of a record is empty there, and free text is searched in the fields alone. The query can find less than over the logs.',
  remedy: () =>
    'store the logs with `assay store --raw`, or name the column of the records in assay.yml (`raw: COLUMN`)',
})

export const tooManyPulled = code<{ path: string; rows: number; limit: number; reasons: readonly string[] }>({
  id: 'LOG506',
  slug: 'too-many-rows-to-pull',
  severity: 'error',
  title: 'The query would pull too many rows out of a table',
  message: (p) =>
    `the query would pull ${rows(p.rows)} out of ${p.path} (limit: ${rows(p.limit)}): ${p.reasons.join('; ')}`,
  why: 'The engine cannot compute this part of the query, and so many rows take long to move.',
  remedy: () => 'shorten the interval (--from, --to, --last), or begin the query with a filter that few events pass',
})

export const noTimeColumn = code<{ path: string; columns: readonly string[] }>({
  id: 'LOG507',
  slug: 'no-time-column',
  severity: 'warning',
  title: 'A table has no known time column',
  message: (p) => `no column of ${p.path} is known to hold the time of its events`,
  why: 'Events without a time are outside every interval, and have no order.',
  remedy: (p) => `name it for the source in assay.yml: \`time: {column: ${p.columns[0] ?? 'NAME'}, unit: ms}\``,
})

export const timeGuessed = code<{ path: string; column: string; unit: string }>({
  id: 'LOG508',
  slug: 'time-column-guessed',
  severity: 'info',
  title: 'The time column of a table was recognised by its name',
  message: (p) => `the time of the events of ${p.path} is column ${p.column}${p.unit === '' ? '' : ` in ${p.unit}`}`,
  why: 'Name and values fit. A source in assay.yml says it for certain.',
  remedy: (p) => `write \`time: {column: ${p.column}${p.unit === '' ? '' : `, unit: ${p.unit}`}}\` to be certain`,
})

export const noMapping = code<{ name: string; known: readonly string[] }>({
  id: 'LOG509',
  slug: 'no-such-mapping',
  severity: 'error',
  title: 'There is no such mapping of a table',
  message: (p) => `there is no mapping \`${p.name}\``,
  why: 'A mapping says how the columns of a table name fields.',
  remedy: (p) => `write one of ${p.known.join(', ')}, or leave \`mapping\` out and write \`time\` and \`fields\``,
})

export const storeDamaged = code<{ path: string; reason: string }>({
  id: 'LOG510',
  slug: 'store-damaged',
  severity: 'error',
  title: 'The list of a store cannot be read',
  message: (p) => `cannot read the list of the store ${p.path}: ${p.reason}`,
  why: 'The list says which files are parts of the store. Without it, half of an unfinished run would count.',
  remedy: () => 'restore the file from a copy, or make the store again from the logs',
})

export const storeFailed = code<{ path: string; reason: string }>({
  id: 'LOG511',
  slug: 'store-not-written',
  severity: 'error',
  title: 'A store cannot be written',
  message: (p) => `cannot write the store ${p.path}: ${p.reason}`,
  why: 'The disk is full, or the folder cannot be written. The store is as it was before the command.',
  remedy: (p) => `free space on the disk of ${p.path} and of TMPDIR, and run the command again`,
})

export const storeBusy = code<{ path: string; pid: number }>({
  id: 'LOG512',
  slug: 'store-in-use',
  severity: 'error',
  title: 'Another process writes the store',
  message: (p) => `process ${p.pid} writes the store ${p.path}`,
  why: 'Two writers would each replace the list that the other one wrote.',
  remedy: () => 'wait until it ends, and run the command again',
})

export const notStore = code<{ path: string }>({
  id: 'LOG513',
  slug: 'not-a-store',
  severity: 'error',
  title: 'The folder is no store',
  message: (p) => `${p.path} is no store, and not empty`,
  why: 'A store has a folder of its own, because Assay removes files there that its list does not name.',
  remedy: () => 'name a new or empty folder, or a store',
})

export const alreadyStored = code<{ name: string; as: string }>({
  id: 'LOG514',
  slug: 'already-stored',
  severity: 'info',
  title: 'The content of a file is in the store',
  message: (p) => `${p.name} is in the store already${p.as === p.name ? '' : `, as ${p.as}`}`,
  why: 'A store takes each content once, whatever the name of the file.',
  remedy: () => 'nothing',
})

export const nothingKept = code<{ name: string; events: number; format: string }>({
  id: 'LOG517',
  slug: 'nothing-kept',
  severity: 'warning',
  title: 'A store without records keeps nothing of events without fields',
  message: (p) =>
    `${thousands(p.events)} ${p.events === 1 ? 'event' : 'events'} of ${p.name} (format ${p.format}) without fields: the store does not keep their text`,
  why: 'The store has the fields of events, and the records only on request. A query can count such events, and find none of them.',
  remedy: () =>
    'store the logs in a new folder with `assay store --raw`, or name the parser of the logs (`--parser FILE`)',
})

export const tableOutside = code<{ name: string; table: string }>({
  id: 'LOG518',
  slug: 'table-outside-project',
  severity: 'error',
  title: 'A source of assay.yml lies outside the project',
  message: (p) => `the source ${p.name} is ${p.table}, outside the project of assay.yml`,
  why: 'The author of assay.yml chose that path, and it must not show files of your machine. The project is the repository, or the folder of assay.yml. A link counts as its target; hidden files are no part of it.',
  remedy: (p) => `name ${p.table} on the command line in place of ${p.name}; the settings of the source hold for it`,
})
