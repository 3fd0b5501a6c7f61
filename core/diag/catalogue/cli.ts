// RUN0xx: the call itself.
import { code } from '../diagnostic.ts'

export const fileGone = code<{ path: string }>({
  id: 'RUN001',
  slug: 'no-query-file',
  severity: 'error',
  title: 'The query file does not exist',
  message: (p) => `there is no file \`${p.path}\``,
  why: 'A query is a file, or text together with --lang.',
  remedy: () => 'check the path; to run a text instead of a file, add --lang cql or --lang sumo',
})

export const languageNeeded = code<{ known: readonly string[] }>({
  id: 'RUN002',
  slug: 'language-needed',
  severity: 'error',
  title: 'The language of the query is not known',
  message: () => 'neither the ending of a file nor --lang says in which language the query is written',
  why: 'The same words mean different things in different languages.',
  remedy: (p) => `add --lang with one of ${p.known.join(', ')}`,
})

export const cannotWrite = code<{ path: string; reason: string }>({
  id: 'RUN003',
  slug: 'cannot-write',
  severity: 'error',
  title: 'A file could not be written',
  message: (p) => `${p.path} could not be written: ${p.reason}`,
  why: 'Nothing half-written is left behind.',
  remedy: () => 'check that the folder exists and may be written to',
})
