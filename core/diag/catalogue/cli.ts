// RUN0xx: the command line.
import { code, type Diagnostic, diagnostic, type Place, noPlace } from '../diagnostic.ts'

export const fileGone = code<{ path: string }>({
  id: 'RUN001',
  slug: 'no-query-file',
  severity: 'error',
  title: 'The query file was not found',
  message: (p) => `query file \`${p.path}\` not found`,
  why: 'The first argument is a file, or the text of a query if --lang is set.',
  remedy: () => 'check the path; to run text instead of a file, add --lang cql or --lang sumo',
})

export const pageGone = code<{ path: string }>({
  id: 'RUN008',
  slug: 'no-page',
  severity: 'error',
  title: 'The case page was not found',
  message: (p) => `case page \`${p.path}\` not found`,
  why: 'The arguments are pages (`*.case.md`), folders with pages, and folders of detections.',
  remedy: () => 'check the path; `assay new` writes a first page',
})

export const languageNeeded = code<{ known: readonly string[] }>({
  id: 'RUN002',
  slug: 'language-needed',
  severity: 'error',
  title: 'The language of the query is unknown',
  message: () => 'the language of the query is unknown: no --lang, and no file name with a known ending',
  why: 'The same text means different things in different languages.',
  remedy: (p) =>
    `add --lang with one of ${p.known.join(', ')}; if it is a log for hunt or lint, put --logs before it: one --logs for each path`,
})

export const cannotWrite = code<{ path: string; reason: string }>({
  id: 'RUN003',
  slug: 'cannot-write',
  severity: 'error',
  title: 'A file could not be written',
  message: (p) => `cannot write ${p.path}: ${p.reason}`,
  why: 'Assay writes a file completely or not at all.',
  remedy: () => 'check that the folder exists and that you may write to it',
})

export const internal = code<{ problem: string }>({
  id: 'RUN900',
  slug: 'internal-error',
  severity: 'error',
  title: 'Assay is broken',
  message: (p) => `internal error: ${p.problem}`,
  why: 'No query, file or option should end Assay in this way.',
  remedy: () =>
    'report it with the output of `assay --version`, the command and, if possible, the query or log line that shows it',
})

export const outputLost = code<{ problem: string }>({
  id: 'RUN901',
  slug: 'output-lost',
  severity: 'error',
  title: 'The result cannot be written',
  message: (p) => `cannot write to standard output: ${p.problem}`,
  why: 'A part of the result may be missing there.',
  remedy: () => 'make room where the output goes, and run the command again',
})

/** An exception that no code expects, as a diagnostic. `at`: the file that was being worked on. */
export const internalError = (e: unknown, at: Place = noPlace): Diagnostic =>
  diagnostic(internal, at, { problem: e instanceof Error ? (e.stack ?? e.message) : String(e) })

export const serverPort = code<{ text: string }>({
  id: 'RUN071',
  slug: 'not-a-port',
  severity: 'error',
  title: 'Not a port',
  message: (p) => `\`${p.text}\` is no port`,
  why: 'A port is a number from 0 to 65535. 0 means any free one.',
  remedy: () => 'write a number, such as `--http 8072`',
})

export const noShell = code<{ shell: string; known: readonly string[] }>({
  id: 'RUN072',
  slug: 'no-such-shell',
  severity: 'error',
  title: 'No completion for this shell',
  message: (p) => `there is no completion for \`${p.shell}\``,
  why: 'The scripts are written for the shells that most people use.',
  remedy: (p) => `use one of ${p.known.join(', ')}`,
})

export const outputFailed = (e: Error): Diagnostic => diagnostic(outputLost, noPlace, { problem: e.message })
