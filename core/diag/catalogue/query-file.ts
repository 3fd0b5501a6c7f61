// RUN01x: files that hold queries or cases, as a caller names them, and what is asked about them.
import { code } from '../diagnostic.ts'

export const noQueries = code<{ path: string; endings: readonly string[] }>({
  id: 'RUN011',
  slug: 'nothing-in-folder',
  severity: 'error',
  title: 'A folder holds nothing to work on',
  message: (p) => `folder ${p.path} holds no ${p.endings.join(' or ')} file`,
  why: 'Folders are read with all their subfolders; hidden ones and node_modules are passed over.',
  remedy: () => 'name another folder, or the files themselves',
})

export const unreadableQuery = code<{ path: string; reason: string }>({
  id: 'RUN012',
  slug: 'unreadable-text',
  severity: 'error',
  title: 'A query or page cannot be read',
  message: (p) => `cannot read ${p.path}: ${p.reason}`,
  why: 'A query is text in UTF-8 in a file that can be opened.',
  remedy: (p) => `give read permission on ${p.path}, or save it as UTF-8`,
})

export const noStage = code<{ name: string; known: readonly string[] }>({
  id: 'RUN013',
  slug: 'unknown-stage',
  severity: 'error',
  title: 'Explain knows no such stage',
  message: (p) => `there is nothing to explain at \`${p.name}\``,
  why: '--at chooses among the stages that a query goes through.',
  remedy: (p) => `any of ${p.known.join(', ')}; steps needs logs`,
})

export const noCases = code<{ filter: string }>({
  id: 'RUN014',
  slug: 'nothing-tested',
  severity: 'error',
  title: 'Nothing was tested',
  message: (p) => (p.filter ? `no case has \`${p.filter}\` in its title` : 'the pages hold no case'),
  why: 'A run that tests nothing must not look like one that passed.',
  remedy: () => 'widen --filter, or write cases: a `##` heading with telemetry, a query and a result',
})
