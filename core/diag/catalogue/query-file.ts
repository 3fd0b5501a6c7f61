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
  remedy: (p) => `allow reading (chmod +r ${p.path}), or save the file as UTF-8`,
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
