// RUN01x: files of queries or cases named on the command line, and options about them.
import { code } from '../diagnostic.ts'

export const noQueries = code<{ path: string; endings: readonly string[] }>({
  id: 'RUN011',
  slug: 'nothing-in-folder',
  severity: 'error',
  title: 'A folder contains no query or page',
  message: (p) => `folder ${p.path} contains no ${p.endings.join(' or ')} file`,
  why: 'Assay reads a folder with all its subfolders. It skips hidden folders and node_modules.',
  remedy: () => 'name another folder, or the files themselves',
})

export const unreadableQuery = code<{ path: string; reason: string }>({
  id: 'RUN012',
  slug: 'unreadable-text',
  severity: 'error',
  title: 'A query or page cannot be read',
  message: (p) => `cannot read ${p.path}: ${p.reason}`,
  why: 'A query is a file of UTF-8 text that you may read.',
  remedy: (p) =>
    `allow reading (chmod +r ${p.path}), or save the file as UTF-8; if it is a log for hunt or lint, type --logs ${p.path}`,
})

export const noStage = code<{ name: string; known: readonly string[] }>({
  id: 'RUN013',
  slug: 'unknown-stage',
  severity: 'error',
  title: 'explain has no such stage',
  message: (p) => `unknown stage \`${p.name}\` for --at`,
  why: '--at names the stages of compilation and execution that explain can show.',
  remedy: (p) => `use any of ${p.known.join(', ')}; \`steps\` needs logs`,
})

export const noCases = code<{ filter: string }>({
  id: 'RUN014',
  slug: 'nothing-tested',
  severity: 'error',
  title: 'No case was tested',
  message: (p) => (p.filter ? `no case has \`${p.filter}\` in its title` : 'the pages contain no case'),
  why: 'A run without a case must not look like one that passed.',
  remedy: () =>
    'shorten the text of --filter, or write a case: a `##` heading with telemetry, a query and an expectation',
})

export const unknownUntilRun = code<{ text: string }>({
  id: 'RUN019',
  slug: 'value-known-later',
  severity: 'info',
  title: 'A query in Terraform has a value that is known later',
  message: (p) => `this query is not read: \`${p.text}\` has a value only when Terraform runs`,
  why: 'The text of the query depends on the value. A reader that guesses it reports errors that are none.',
  remedy: () => 'keep the query in a file of its own with a parameter, or lint the output of `terraform show -json`',
})

export const notInHost = code<object>({
  id: 'RUN010',
  slug: 'fix-not-written',
  severity: 'info',
  title: 'A fix is not written into the file around the query',
  message: () =>
    'the fix of this query is not written: the file cannot have the new text at this place as it is quoted here',
  why: 'Assay changes only the characters of the query, and reads the file again. Here the new text would read differently.',
  remedy: () => 'write the query as a block (`|` in YAML), or change it by hand',
})
