// RUN02x: files that a page, query, detection or configuration names.
import { code } from '../diagnostic.ts'

export const namedOutside = code<{ name: string; roots: readonly string[]; reason: string }>({
  id: 'RUN020',
  slug: 'file-outside',
  severity: 'error',
  title: 'A file is outside the folders that the query or page may read',
  message: (p) => `Assay does not open \`${p.name}\`: ${p.reason}`,
  why: 'A shared query or page must not print files of your machine. A page may read the folder of its detection, or else its own folder. A query may read the folders of --lookups. A link counts as its target.',
  remedy: (p) => `move the file into ${p.roots.join(' or ')}; for a page, add --root FOLDER to allow another folder`,
})

export const namedMissing = code<{ name: string; from: string }>({
  id: 'RUN021',
  slug: 'file-missing',
  severity: 'error',
  title: 'A file that the query or page names was not found',
  message: (p) => `file \`${p.name}\` not found`,
  why: 'A page names files relative to itself, a detection relative to its folder.',
  remedy: (p) => `correct the name, or add the file; the name is relative to ${p.from === '' ? '.' : p.from}`,
})

export const namedUnreadable = code<{ name: string; reason: string }>({
  id: 'RUN022',
  slug: 'file-unreadable',
  severity: 'error',
  title: 'A file that the query or page names cannot be read',
  message: (p) => `cannot read \`${p.name}\`: ${p.reason}`,
  why: 'Assay reads only regular files that fit into memory.',
  remedy: () => 'name a regular file that you may read, or split the file',
})
