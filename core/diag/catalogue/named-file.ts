// RUN02x: files that a page, query, detection or configuration names.
import { code } from '../diagnostic.ts'

export const namedOutside = code<{ name: string; roots: readonly string[]; reason: string }>({
  id: 'RUN020',
  slug: 'file-outside',
  severity: 'error',
  title: 'A text names a file that it may not reach',
  message: (p) => `\`${p.name}\` is not opened: ${p.reason}`,
  why: 'Texts are shared, and a name in one must not print files of the machine that runs it. A page reaches the folder of its detection, or else its own folder; a query reaches the folders of --lookups. Links count as what they lead to.',
  remedy: (p) => `move the file into ${p.roots.join(' or ')}; for a page, --root DIR offers a further folder`,
})

export const namedMissing = code<{ name: string; from: string }>({
  id: 'RUN021',
  slug: 'file-missing',
  severity: 'error',
  title: 'A text names a file that does not exist',
  message: (p) => `there is no file \`${p.name}\``,
  why: 'A page names files relative to itself, a detection relative to its folder.',
  remedy: (p) => `correct the name, or put the file there, seen from ${p.from === '' ? '.' : p.from}`,
})

export const namedUnreadable = code<{ name: string; reason: string }>({
  id: 'RUN022',
  slug: 'file-unreadable',
  severity: 'error',
  title: 'A file that a text names cannot be read',
  message: (p) => `\`${p.name}\` cannot be read: ${p.reason}`,
  why: 'Only regular files are read, and only up to a size that fits into memory.',
  remedy: () => 'name a regular file that can be read, or a smaller part of it',
})
