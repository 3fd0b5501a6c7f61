// RUN060–RUN064: the folder of a new detection. DET141–DET142: its placeholders.
import { code } from '../diagnostic.ts'

interface Named {
  readonly id: string
  readonly name: string
}

export const noTechnique = code<{ text: string; version: string; near: readonly Named[] }>({
  id: 'RUN060',
  slug: 'no-such-technique',
  severity: 'error',
  title: 'ATT&CK has no such technique',
  message: (p) => `ATT&CK ${p.version} has no technique \`${p.text}\``,
  why: 'A detection belongs to a technique. The index also lacks ids that were withdrawn without a successor.',
  remedy: (p) =>
    p.near.length > 0
      ? `use one of ${p.near.map((t) => `${t.id} (${t.name})`).join(', ')}`
      : 'look up the id on attack.mitre.org',
})

export const techniqueGone = code<{ id: string; by: string; byName: string; version: string }>({
  id: 'RUN061',
  slug: 'technique-was-revoked',
  severity: 'error',
  title: 'A new detection for a technique that was revoked',
  message: (p) => `${p.id} was revoked; in ATT&CK ${p.version} it is ${p.by} (${p.byName})`,
  why: 'A revoked id is missing from the matrix, from Navigator layers and from every count of coverage.',
  remedy: (p) => `run assay new ${p.by}`,
})

export const noPlatform = code<{ text: string; known: readonly string[] }>({
  id: 'RUN062',
  slug: 'no-such-platform',
  severity: 'error',
  title: 'No such platform',
  message: (p) => `no such platform: \`${p.text}\``,
  why: 'A new folder contains a query that runs, so Assay must know the language of the platform.',
  remedy: (p) => `use --platform ${p.known.join(', or --platform ')}`,
})

export const badFolder = code<{ path: string; problem: string; remedy: string }>({
  id: 'RUN063',
  slug: 'no-place-for-a-detection',
  severity: 'error',
  title: 'A detection cannot be made in this folder',
  message: (p) => `${p.path}: ${p.problem}`,
  why: 'A new detection is a new folder below the working folder. The name of the folder is the id. Assay changes no existing file.',
  remedy: (p) => p.remedy,
})

export const badTitle = code<{ text: string; problem: string }>({
  id: 'RUN064',
  slug: 'no-title',
  severity: 'error',
  title: 'Not a title of a detection',
  message: (p) => `\`${p.text}\` ${p.problem}`,
  why: 'Lists show the title, and the name of the folder comes from it.',
  remedy: () => 'write one line of at most 120 characters, with a letter or digit',
})

export const placeholder = code<{ file: string; lines: readonly number[] }>({
  id: 'DET141',
  slug: 'placeholder',
  severity: 'warning',
  title: 'A file has placeholders',
  message: (p) =>
    p.lines.length === 1
      ? `${p.file} has a placeholder`
      : `${p.file} has ${p.lines.length} placeholders, in lines ${p.lines.join(', ')}`,
  why: 'A folder from `assay new` passes its tests but detects nothing. Only the author knows the missing texts.',
  remedy: () => 'replace each `TODO:` with the text that it asks for',
})

export const unfinished = code<{ id: string; count: number }>({
  id: 'DET142',
  slug: 'unfinished',
  severity: 'error',
  title: 'A draft is not published',
  message: (p) => `${p.id} is a draft: ${p.count === 1 ? 'one file has' : `${p.count} files have`} placeholders`,
  why: 'A published page shows only proven facts. A placeholder is not one.',
  remedy: () => 'replace the placeholders that DET141 lists; `assay catalog serve` shows drafts',
})
